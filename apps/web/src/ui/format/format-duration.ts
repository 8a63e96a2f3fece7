/** `340 ms`, `1.2 s`, `4 m 10 s`, `2 h 5 m`, `3 d 4 h`: two units at most, none that is zero in front. */
export const formatDuration = (milliseconds: number): string => {
  const ms = Math.max(0, milliseconds)
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  const [days, hours, minutes, rest] = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
    seconds % 60,
  ]
  if (days > 0) return `${days} d ${hours} h`
  if (hours > 0) return `${hours} h ${minutes} m`
  return `${minutes} m ${rest} s`
}

/** The same while it ticks: whole seconds, because tenths that change ten times a second only flicker. */
export const formatLiveDuration = (milliseconds: number): string =>
  milliseconds < 60_000 ? `${Math.floor(Math.max(0, milliseconds) / 1000)} s` : formatDuration(Math.floor(milliseconds / 1000) * 1000)
