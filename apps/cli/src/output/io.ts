import { paint as paintText, wantsColor } from '@towline/contract/glyphs'

export type OutputFormat = 'table' | 'json'

/** Where a command writes: data to stdout, everything else to stderr. */
export interface Io {
  format: OutputFormat
  color: boolean
  isTty: boolean
  /** One line of the result for people; nothing is printed with `-o json`. */
  line: (text?: string) => void
  /** The result for programs; nothing is printed without `-o json`. */
  json: (value: unknown) => void
  /** Progress and remarks, on stderr. */
  note: (text: string) => void
  paint: (text: string, sgr: string) => string
  dim: (text: string) => string
  bold: (text: string) => string
}

export const createIo = (format: OutputFormat): Io => {
  const isTty = process.stdout.isTTY === true
  const color = wantsColor(process.env, isTty)
  const paint = (text: string, sgr: string): string => paintText(text, sgr, color)
  return {
    format,
    color,
    isTty,
    line: (text = '') => {
      if (format !== 'json') process.stdout.write(`${text.trimEnd()}\n`)
    },
    json: (value) => {
      if (format === 'json') process.stdout.write(`${JSON.stringify(value, null, 2)}\n`)
    },
    note: (text) => void process.stderr.write(`${text}\n`),
    paint,
    dim: (text) => paint(text, '90'),
    bold: (text) => paint(text, '1'),
  }
}
