import { currentScope } from './context.ts'
import type { LogFields, Logger, LogLevel } from './run-context.ts'
import type { NewLine } from './wire.ts'

const fieldText = (value: unknown): string => {
  if (value instanceof Error) return JSON.stringify(value.message)
  if (typeof value === 'string') return /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value)
  try {
    return JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? String(inner) : inner)) ?? String(value)
  } catch {
    return String(value)
  }
}

export const formatLine = (message: string, fields?: LogFields): string => {
  if (!fields) return String(message)
  const parts = Object.entries(fields).map(([key, value]) => `${key}=${fieldText(value)}`)
  return [String(message), ...parts].join(' ')
}

/** Outside a flow there is no run to attach a line to: it goes to the terminal. */
const writeAlone = (line: NewLine): void => {
  process.stderr.write(`${line.level ?? 'info'} ${line.text}\n`)
}

const write = (level: LogLevel, message: string, fields?: LogFields): void => {
  const scope = currentScope()
  const line: NewLine = { level, text: formatLine(message, fields), ...(scope?.task ? { task: scope.task.key } : {}) }
  if (scope) scope.execution.sink.log(line)
  else writeAlone(line)
}

export const logger: Logger = {
  debug: (message, fields) => write('debug', message, fields),
  info: (message, fields) => write('info', message, fields),
  warn: (message, fields) => write('warn', message, fields),
  error: (message, fields) => write('error', message, fields),
}
