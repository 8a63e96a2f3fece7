import { stripVTControlCharacters } from 'node:util'
import type { Io } from './io.ts'

const GAP = '  '

/** Columns as wide as their widest cell. On a terminal the last column is cut at its edge; in a pipe nothing is. */
export const printTable = (io: Io, head: string[], rows: string[][]): void => {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => stripVTControlCharacters(row[column] ?? '').length)),
  )
  const line = (cells: string[]): string =>
    cells
      .map((cell, column) =>
        column === cells.length - 1 ? cell : cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - stripVTControlCharacters(cell).length)),
      )
      .join(GAP)
      .trimEnd()
  io.line(io.dim(line(head)))
  for (const row of rows) io.line(cutAtEdge(line(row), io))
}

const cutAtEdge = (text: string, io: Io): string => {
  const columns = io.isTty ? process.stdout.columns : undefined
  const plain = stripVTControlCharacters(text)
  return columns === undefined || plain.length <= columns || plain !== text ? text : `${text.slice(0, columns - 1)}…`
}

/** `name: value` lines with the values in one column. */
export const printFacts = (io: Io, facts: [name: string, value: string | null][]): void => {
  const shown = facts.filter((fact): fact is [string, string] => fact[1] !== null && fact[1] !== '')
  const width = Math.max(...shown.map(([name]) => name.length))
  for (const [name, value] of shown) io.line(`${io.dim(name.padEnd(width))}  ${value}`)
}
