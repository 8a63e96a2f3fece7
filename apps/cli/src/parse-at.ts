import { CliError, EXIT } from './cli-error.ts'

const UNITS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 }
const DURATION = /^(?:in\s+|\+)?((?:\d+(?:\.\d+)?\s*[smhd]\s*)+)$/i
const CLOCK = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/

/** `in 10m`, `1h30m`, `22:15` (the next one, in the zone of this machine) or ISO 8601. */
export const parseAt = (text: string, now = new Date()): Date => {
  const typed = text.trim()
  const duration = DURATION.exec(typed)?.[1]
  if (duration) {
    let seconds = 0
    for (const [, amount, unit] of duration.matchAll(/(\d+(?:\.\d+)?)\s*([smhd])/gi))
      seconds += Number(amount) * (UNITS[String(unit).toLowerCase()] ?? 0)
    return new Date(now.getTime() + seconds * 1000)
  }
  const clock = CLOCK.exec(typed)
  if (clock) {
    const [hours, minutes, seconds] = [Number(clock[1]), Number(clock[2]), Number(clock[3] ?? 0)]
    if (hours < 24 && minutes < 60 && seconds < 60) {
      const at = new Date(now)
      at.setHours(hours, minutes, seconds, 0)
      if (at <= now) at.setDate(at.getDate() + 1)
      return at
    }
  }
  const at = /^\d{4}-\d{2}-\d{2}/.test(typed) ? new Date(typed) : new Date(Number.NaN)
  if (Number.isNaN(at.getTime()))
    throw new CliError(`"${text}" is no time`, { exit: EXIT.usage, remedy: '--at "in 10m", --at 22:15 or --at 2030-01-31T08:00:00Z' })
  return at
}
