const UNITS = [
  ['y', 31_536_000],
  ['mo', 2_592_000],
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
] as const

/** `now`, `12 s ago`, `4 m ago`, `in 1 h 59 m`: what a list shows; the absolute time is on hover. What is to come is said in two units: "in 1 h" would be an hour off. */
export const formatRelative = (at: Date, now: Date): string => {
  const seconds = Math.round((now.getTime() - at.getTime()) / 1000)
  const distance = Math.abs(seconds)
  if (distance < 5) return 'now'
  const unit = UNITS.find(([, size]) => distance >= size)
  const amount = unit ? `${Math.floor(distance / unit[1])} ${unit[0]}` : `${distance} s`
  if (seconds >= 0) return `${amount} ago`
  const rest = unit?.[1] === 3600 ? Math.floor((distance % 3600) / 60) : unit?.[1] === 86_400 ? Math.floor((distance % 86_400) / 3600) : 0
  return rest > 0 ? `in ${amount} ${rest} ${unit?.[1] === 3600 ? 'm' : 'h'}` : `in ${amount}`
}

/** In the viewer's zone, with the zone's name, down to the second. */
export const formatAbsolute = (at: Date, timeZone?: string): string =>
  new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
    ...(timeZone ? { timeZone } : {}),
  }).format(at)

/** `14:03:22.481`, for logs and timelines. */
export const formatClock = (at: Date, timeZone?: string): string =>
  new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    hourCycle: 'h23',
    ...(timeZone ? { timeZone } : {}),
  }).format(at)
