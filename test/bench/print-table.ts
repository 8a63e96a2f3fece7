export type Row = {
  figure: string
  towline: number | null
  graphile?: number | null
  pgBoss?: number | null
  /** A bare Node process. */
  node?: number | null
  target?: string
  note?: string
  smallerIsBetter?: boolean
}

const PEERS = [
  ['graphile', 'graphile-worker'],
  ['pgBoss', 'pg-boss'],
  ['node', 'bare node'],
] as const

/** `3.5 (1.4×)`: the peer's figure, and how many times better ours is (below 1: worse). */
const beside = (row: Row, peer: number | null | undefined): string => {
  if (peer === null || peer === undefined || row.towline === null) return ''
  const ratio = row.smallerIsBetter ? peer / row.towline : row.towline / peer
  return `${peer} (${ratio.toFixed(ratio < 10 ? 2 : 0)}×)`
}

export const printColumns = (lines: readonly (readonly string[])[]): void => {
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)))
  for (const line of lines)
    console.log(
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
}

export const printTable = (rows: readonly Row[]): void => {
  const lines = [
    ['figure', 'towline', ...PEERS.map(([, title]) => title), 'target', ''],
    ...rows.map((row) => [
      row.figure,
      String(row.towline ?? ''),
      ...PEERS.map(([key]) => beside(row, row[key])),
      row.target ?? '',
      row.note ?? '',
    ]),
  ]
  printColumns(lines)
  console.log('In brackets: how many times better than that peer, in the same run on the same database.')
}

/** Where the time of a run goes, whatever else the machine does meanwhile. */
export const printCpu = (figures: Record<string, { cpuMicros: Record<string, number> } | null | undefined>): void => {
  for (const [name, figure] of Object.entries(figures)) {
    if (!figure) continue
    const parts = Object.entries(figure.cpuMicros).map(([process, micros]) => `${process} ${Math.round(micros)}`)
    const sum = Object.values(figure.cpuMicros).reduce((total, micros) => total + micros, 0)
    console.log(`CPU µs per run, ${name}: ${parts.join(', ')}; together ${Math.round(sum)}`)
  }
}
