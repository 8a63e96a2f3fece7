import type { LogLine, LogStream } from '@towline/contract/frames'
import type { Db } from '@towline/db/open-db'
import { statement } from '@towline/db/statement'
import { idDay } from '@towline/service/id-time'
import type { EngineContext } from '../context.ts'
import { storableText } from './life/storable.ts'
import insertLogLinesText from './sql/insert-log-lines.sql'
import readLogFrontierText from './sql/read-log-frontier.sql'

const insertLogLines = statement('insert-log-lines', insertLogLinesText)
const readLogFrontier = statement('read-log-frontier', readLogFrontierText)

export type LogItem = { workspaceId: string; runId: string; attempt: number; stream: LogStream; lines: readonly LogLine[] }

/** How far a stream is stored without a gap, as this process knows it; `gap`: lines beyond the frontier are stored too. */
type Frontier = { seq: number; gap: boolean }
const MAX_CACHED = 50_000
const caches = new WeakMap<Db, Map<string, Frontier>>()

/**
 * Stores lines of any runs and tenants in one statement, each once: a repeat of a sequence number is the same line. Gives for each item the number up
 * to which its stream is durable without a gap, in the order of the items. Lines of a run that is not there (deleted, or of another
 * tenant) are dropped and acknowledged, so that nobody keeps sending them.
 */
export const appendLogs = async (ctx: EngineContext, items: readonly LogItem[]): Promise<number[]> => {
  if (items.length === 0) return []
  const { rows } = await ctx.db.enginePool.query<{ id: string; workspace_id: string; attempt: number }>({
    ...insertLogLines,
    values: valuesOf(items, ctx.clock.now().getTime()),
  })
  const known = new Map(rows.map((row) => [row.id, row]))
  const acknowledged: number[] = []
  const stored = new Set<string>()
  for (const item of items) {
    const run = known.get(item.runId)
    if (!run || run.workspace_id !== item.workspaceId || run.attempt < item.attempt) {
      ctx.log.warn({ runId: item.runId, workspaceId: item.workspaceId }, 'Log lines of an unknown attempt were dropped')
      acknowledged.push(Math.max(0, ...item.lines.map((line) => line.seq)))
      continue
    }
    stored.add(item.runId)
    acknowledged.push(await advanceFrontier(ctx, item))
  }
  ctx.bus.publish('run', [...stored])
  return acknowledged
}

/** Sane bounds for a clock that is not ours: the line keeps the writer's time, but no year 40,000. */
const timeOf = (at: number, now: number): string => {
  const year = 366 * 86_400_000
  return new Date(Number.isFinite(at) ? Math.min(now + year, Math.max(now - 10 * year, at)) : now).toISOString()
}

const valuesOf = (items: readonly LogItem[], now: number): unknown[] => {
  const lines = items.flatMap((item) => item.lines.map((line) => ({ item, line })))
  return [
    lines.map(({ item }) => idDay(item.runId)),
    lines.map(({ item }) => item.runId),
    lines.map(({ item }) => item.attempt),
    lines.map(({ item }) => item.stream),
    lines.map(({ line }) => line.seq),
    lines.map(({ item }) => item.workspaceId),
    lines.map(({ line }) => timeOf(line.at, now)),
    lines.map(({ line }) => line.level ?? null),
    lines.map(({ line }) => (line.task === undefined ? null : storableText(line.task))),
    lines.map(({ line }) => storableText(line.text)),
    [...new Set(items.map((item) => item.runId))],
  ]
}

const cacheOf = (db: Db): Map<string, Frontier> => {
  const cache = caches.get(db) ?? new Map<string, Frontier>()
  caches.set(db, cache)
  return cache
}

const advanceFrontier = async (ctx: EngineContext, item: LogItem): Promise<number> => {
  const cache = cacheOf(ctx.db)
  const key = `${item.runId}/${item.attempt}/${item.stream}`
  const cached = cache.get(key)
  const seqs = item.lines.map((line) => line.seq).sort((a, b) => a - b)
  const last = seqs.at(-1) ?? 0
  let seq = cached?.seq ?? 0
  for (const one of seqs) if (one === seq + 1) seq = one
  let gap = (cached?.gap ?? false) || last > seq
  // The usual case needs no question: the lines go on where the stream stood. A stream that another process has begun, or one
  // with a gap that may just have closed, is looked up from the last known frontier on.
  if (gap) {
    const stored = await readFrontier(ctx, item, seq)
    seq = stored.seq
    gap = stored.last > seq
  }
  cache.delete(key)
  cache.set(key, { seq, gap })
  if (cache.size > MAX_CACHED) cache.delete(cache.keys().next().value as string)
  return seq
}

const readFrontier = async (
  ctx: EngineContext,
  { runId, attempt, stream }: LogItem,
  from: number,
): Promise<{ seq: number; last: number }> => {
  const { rows } = await ctx.db.enginePool.query<{ seq: number; last: number }>({
    ...readLogFrontier,
    values: [idDay(runId), runId, attempt, stream, from],
  })
  return rows[0] ?? { seq: from, last: from }
}
