import { type Logger as PinoLogger, pino } from 'pino'
import { prettyLine } from './pretty-line.ts'

export type Logger = PinoLogger

const secretNames = ['authorization', 'password', 'passwordHash', 'secret', 'token', 'runToken', 'apiKey', 'deviceCode', 'cookie']

/**
 * Logs go to stderr: stdout belongs to a command's output. JSON lines for machines; short lines when a person looks at a terminal.
 * Well-known names of secrets are blanked one level deep, as a last net under the rule that nobody logs them.
 */
export const createLogger = (
  name: string,
  { level = process.env.TOWLINE_LOG_LEVEL || 'info', pretty = process.stderr.isTTY === true } = {},
): Logger => {
  const options = {
    name,
    level: level in pino.levels.values || level === 'silent' ? level : 'info',
    base: { name },
    redact: { paths: secretNames.flatMap((secret) => [secret, `*.${secret}`]), censor: '[redacted]' },
    timestamp: pino.stdTimeFunctions.isoTime,
  }
  if (pretty) return pino(options, { write: (line: string) => process.stderr.write(prettyLine(line)) })
  return pino(options, pino.destination({ dest: 2, sync: true }))
}
