import { statement } from '@towline/db/statement'
import type { EngineContext } from '../context.ts'
import { runTransaction } from './life/run-transaction.ts'
import lockLateRunsText from './sql/lock-late-runs.sql'

const lockLateRuns = statement('lock-late-runs', lockLateRunsText)

const LATE_AFTER_SECONDS = 15
/** A name for people is not worth more: a backlog of 100,000 runs must not be rewritten while it is being drained. */
const BATCH = 500

/** Runs that nobody has claimed within 15 seconds of their time are called Late. */
export const markLate = async (ctx: EngineContext): Promise<{ marked: number }> =>
  runTransaction(ctx, async (work) => {
    const [locked] = await work.send([{ ...lockLateRuns, values: [new Date(work.now.getTime() - LATE_AFTER_SECONDS * 1000), BATCH] }])
    const ids = ((locked?.rows ?? []) as { id: string }[]).map((row) => row.id)
    if (ids.length === 0) return { marked: 0 }
    const book = await work.lock(ids)
    const message = `No agent took it within ${LATE_AFTER_SECONDS} s of its time.`
    for (const id of ids) book.propose(id, { cause: { kind: 'late', message }, attempt: null, transitionId: null })
    return { marked: book.changed.size }
  })
