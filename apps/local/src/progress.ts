import { isatty } from 'node:tty'

const colourful = isatty(1) && !process.env.NO_COLOR
const paint = (code: number) => (text: string) => (colourful ? `\u001b[${code}m${text}\u001b[0m` : text)
export const green = paint(32)
export const red = paint(31)
export const dim = paint(2)
export const bold = paint(1)

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`
export const print = (line = ''): void => void process.stdout.write(`${line}\n`)

const done = (name: string, since: number, note = ''): void =>
  print(`${green('✓')} ${name.padEnd(14)} ${dim(seconds(Date.now() - since))}${note ? `  ${dim(note)}` : ''}`)

/** Runs one step of the start and prints it with its time. What it returns as a note stands at the end of the line. */
export const step = async <T>(name: string, run: () => Promise<T>, note: (value: T) => string = () => ''): Promise<T> => {
  const since = Date.now()
  if (isatty(1)) process.stdout.write(`… ${name}\r`)
  const value = await run()
  done(name, since, note(value))
  return value
}
