const levels: Record<number, string> = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' }
const colours: Record<number, number> = { 10: 90, 20: 90, 30: 32, 40: 33, 50: 31, 60: 31 }

const errorText = (value: unknown): string => {
  if (typeof value !== 'object' || value === null) return ''
  const { stack, message } = value as { stack?: string; message?: string }
  return `\n  ${(stack ?? message ?? '').replaceAll('\n', '\n  ')}`
}

/** One JSON log line as a person wants to read it: `12:30:01 info gateway: agent connected agent=a1`. */
export const prettyLine = (line: string): string => {
  let record: Record<string, unknown>
  try {
    record = JSON.parse(line) as Record<string, unknown>
  } catch {
    return line
  }
  const { level, time, name, msg, err, ...rest } = record
  const number = typeof level === 'number' ? level : 30
  const facts = Object.entries(rest).map(([key, value]) => ` ${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
  const label = `\u001b[${colours[number] ?? 32}m${(levels[number] ?? String(number)).padEnd(5)}\u001b[0m`
  return `${String(time).slice(11, 19)} ${label} ${String(name)}: ${String(msg ?? '')}\u001b[90m${facts.join('')}\u001b[0m${errorText(err)}\n`
}
