import { type StateName, typeOf } from '@towline/contract/states'
import { statement } from '@towline/db/statement'
import type { Tx } from '@towline/db/transaction'
import { idDay } from '@towline/service/id-time'
import type { EngineContext } from '../../context.ts'
import { type Called, callLines, NOBODY } from '../../limits/call-lines.ts'
import { freeHolders, lockHeldLimits } from '../../limits/free-holders.ts'
import { type LockedRun, lockedRunOf, type RunRow } from './locked-run.ts'
import type { Answer, Query } from './query.ts'
import { RunBook } from './run-book.ts'
import lockRunsText from './sql/lock-runs.sql'
import readRunsText from './sql/read-runs.sql'
import { writesOf } from './write-book.ts'

const lockRuns = statement('lock-runs', lockRunsText)
const readRuns = statement('read-runs', readRunsText)

const BEGIN: Query = { text: 'begin' }
const COMMIT: Query = { text: 'commit' }

/** Sends several statements; on a pipelining connection in one round trip. No statement may occur twice. */
const together = async (tx: Tx, queries: Query[]): Promise<Answer[]> => {
  if ('pipeline' in tx && tx.pipeline === true) return Promise.all(queries.map((query) => tx.query(query)))
  const results: Answer[] = []
  for (const query of queries) results.push(await tx.query(query))
  return results
}

export type RunTransaction = {
  tx: Tx
  now: Date
  /** More statements of this transaction. */
  send(queries: Query[]): Promise<Answer[]>
  /** Locks these runs, in id order, and reads their facts. Unknown ids are left out. */
  lock(runIds: readonly string[], transitionIds?: readonly string[]): Promise<RunBook>
  /** The book of runs that are locked already. */
  open(runs: readonly LockedRun[]): RunBook
  /** Statements that follow the writes of the books, before the commit: what limits grant and whom they make wait. */
  afterwards(writes: readonly Query[]): void
  /** Limits whose lines may have moved and that are locked here: whoever is next is called before the commit. */
  callLater(limitIds: readonly string[]): void
  /** After the commit: there are ready runs in this pool that others passed over because they were locked here. */
  wakeLater(poolId: string): void
}

const MAX_TRIES = 4
/** A deadlock that PostgreSQL broke, or a row that changed under a stricter isolation: the same again may well succeed. */
const isRetryable = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && (error.code === '40P01' || error.code === '40001')

/**
 * One transaction over the life of runs: lock, read, decide in core, write, and only after the commit wake whoever waits for it.
 * The first round trip carries `first` (usually what locks), the last one all writes and the commit.
 */
export const runTransaction = async <T>(ctx: EngineContext, decide: (work: RunTransaction) => Promise<T>): Promise<T> => {
  const { result, missed } = await tryTransactions(ctx, decide)
  if (missed.length > 0) await callMissed(ctx, missed)
  return result
}

/** `missed`: runs whose turn it was at a limit while another transaction held them. */
type Done<T> = { result: T; missed: readonly string[] }

const tryTransactions = async <T>(ctx: EngineContext, decide: (work: RunTransaction) => Promise<T>): Promise<Done<T>> => {
  for (let tries = 1; ; tries += 1) {
    try {
      return await tryTransaction(ctx, decide)
    } catch (error) {
      if (tries === MAX_TRIES || !isRetryable(error)) throw error
      ctx.log.warn({ err: error }, 'A transaction over runs is tried again')
    }
  }
}

const MAX_CALLS = 5

/**
 * Whoever frees a slot holds the limit and may not wait for the run that is next: locks are taken in the order runs, limits. A claim that looked at that
 * run a moment ago may hold it without any use for it, and then nobody would call it. So this waits for the run first and looks at its line again.
 * What was committed stands whatever comes of this: where the database is away, `tend-lines` finds the line when it is back.
 */
const callMissed = async (ctx: EngineContext, missed: readonly string[]): Promise<void> => {
  let left = missed
  for (let calls = 1; left.length > 0 && calls <= MAX_CALLS; calls += 1) {
    try {
      const done = await tryTransactions(ctx, async (work) => {
        await work.lock(left)
        const [limits] = await work.send([{ ...lockHeldLimits, values: [left, [], []] }])
        work.callLater(((limits?.rows ?? []) as { id: string }[]).map((row) => row.id))
      })
      left = done.missed
    } catch (error) {
      ctx.log.debug({ err: error, calls }, 'A line could not be looked at again')
    }
  }
}

const tryTransaction = async <T>(ctx: EngineContext, decide: (work: RunTransaction) => Promise<T>): Promise<Done<T>> => {
  const client = await ctx.db.enginePool.connect()
  const books: RunBook[] = []
  const afterwards: Query[] = []
  const lines = new Set<string>()
  const pools = new Set<string>()
  const opened = (book: RunBook): RunBook => {
    books.push(book)
    return book
  }
  let begun = false
  const send = async (queries: Query[]): Promise<Answer[]> => {
    if (begun) return together(client, queries)
    begun = true
    return (await together(client, [BEGIN, ...queries])).slice(1)
  }
  const now = ctx.clock.now()
  const work: RunTransaction = {
    tx: client,
    now,
    send,
    open: (runs) => opened(new RunBook(runs, now)),
    lock: async (runIds, transitionIds = []) => {
      const ids = [...new Set(runIds)].sort()
      const days = transitionIds.length > 0 ? [...new Set(ids.map(idDay))] : []
      const [, read] = await send([
        { ...lockRuns, values: [ids] },
        { ...readRuns, values: [ids, transitionIds, days] },
      ])
      return opened(new RunBook(((read?.rows ?? []) as RunRow[]).map(lockedRunOf), now))
    },
    afterwards: (writes) => void afterwards.push(...writes),
    callLater: (limitIds) => {
      for (const id of limitIds) lines.add(id)
    },
    wakeLater: (poolId) => void pools.add(poolId),
  }
  let failure: Error | undefined
  try {
    const result = await decide(work)
    const writes = [...books.flatMap(writesOf), ...afterwards]
    const runIds = books.flatMap((book) => book.released())
    const tasks = books.flatMap((book) => book.endedTasks)
    let called: Called = NOBODY
    if (runIds.length + tasks.length + lines.size > 0) {
      // What limits hold moves only once the runs are written: a run that is called here may stand in one of the books.
      const { limitIds, borrowers } = await freeHolders(work, { runIds, tasks, writes })
      for (const id of limitIds) lines.add(id)
      called = await callLines(work, [...lines], COMMIT)
      called.tasks.push(...borrowers)
    } else if (begun) await together(client, [...writes, COMMIT])
    wake(ctx, { books, called, pools })
    return { result, missed: called.missed }
  } catch (error) {
    failure = await rollback(client, error)
    throw error
  } finally {
    client.release(failure)
  }
}

/** After a failed statement the connection goes on, after a lost one it is thrown away. */
const rollback = async (client: Tx, cause: unknown): Promise<Error | undefined> => {
  try {
    await client.query('rollback')
    return undefined
  } catch {
    return cause instanceof Error ? cause : new Error(String(cause))
  }
}

const isCancelling = (state: StateName): boolean => typeOf(state) === 'CANCELLING'

type Woken = { books: readonly RunBook[]; called: Called; pools: ReadonlySet<string> }

/** Tells who waits what has changed, by ids only. A lost notice costs one poll. */
const wake = (ctx: EngineContext, { books, called, pools: left }: Woken): void => {
  const runs: string[] = [...called.runs]
  const cancels: string[] = []
  const pools = new Set<string>([...called.pools, ...left])
  const due = new Set<string>()
  for (const book of books) {
    for (const id of book.changed) {
      const before = book.before.get(id)
      const after = book.runs.get(id)
      if (!before || !after) continue
      runs.push(id)
      if (after.ready && !before.ready) pools.add(after.poolId)
      if (!after.ready && typeOf(after.state) === 'SCHEDULED') due.add(after.poolId)
      if (isCancelling(after.state) && !isCancelling(before.state)) cancels.push(id)
    }
  }
  ctx.bus.publish('pool', [...pools])
  ctx.bus.publish('cancel', cancels)
  ctx.bus.publish('due', [...due])
  ctx.bus.publish('slots', called.tasks)
  ctx.bus.publish('line', called.timed)
  ctx.bus.publish('run', runs)
  ctx.bus.publish(
    'workspace',
    called.workspaces.map((id) => `${id}/limits`),
  )
}
