import type { LogLineView } from '@towline/contract/views'

export type LogStore = {
  /** In reading order. */
  lines: LogLineView[]
  /** Per `attempt/stream`: the last sequence that is here, and when its line was written. */
  heads: Map<string, { seq: number; at: number }>
}

export const emptyLogs = (): LogStore => ({ lines: [], heads: new Map() })

const later = (a: LogLineView, b: LogLineView): boolean =>
  a.attempt > b.attempt || (a.attempt === b.attempt && a.at.getTime() > b.at.getTime())

/**
 * Adds what a stream delivered, in place: a page may hold 100,000 lines, so nothing is copied. A line that is here is
 * never added again, whatever was re-sent after a reconnect. Streams interleave by time; within one stream the order
 * is its sequence, even when the clock that wrote it stepped back.
 */
export const mergeLogs = (store: LogStore, incoming: LogLineView[]): number => {
  let added = 0
  for (const line of incoming) {
    const name = `${line.attempt}/${line.stream}`
    const head = store.heads.get(name)
    if (head && line.seq <= head.seq) continue
    const at = Math.max(head?.at ?? 0, line.at.getTime())
    store.heads.set(name, { seq: line.seq, at })
    const placed = at === line.at.getTime() ? line : { ...line, at: new Date(at) }
    let index = store.lines.length
    for (let before = store.lines[index - 1]; before && later(before, placed); before = store.lines[index - 1]) index--
    if (index === store.lines.length) store.lines.push(placed)
    else store.lines.splice(index, 0, placed)
    added++
  }
  return added
}
