import type { Mark } from './marks.ts'
import { demandsOf, LIMITS } from './workload.ts'

type Start = Extract<Mark, { mark: 'start' }>
export type Span = { start: Start; end: number | null; why: string }
const keyOf = ({ run, attempt, task }: { run: string; attempt: number; task: string | null }): string => `${run}/${attempt}/${task ?? ''}`

export type Seen = {
  spans: Span[]
  /** The same attempt, or the same task run of it, began twice. */
  repeated: string[]
  refusals: string[]
}

/** Every execution that holders told of, from its start to its end or to the death of its process. */
export const spansOf = (marks: readonly Mark[]): Seen => {
  const spans: Span[] = []
  const open = new Map<string, Span>()
  const begun = new Set<string>()
  const repeated: string[] = []
  const refusals: string[] = []
  for (const mark of marks) {
    if (mark.mark === 'start') {
      const key = keyOf(mark)
      if (begun.has(key)) repeated.push(`${mark.deployment} ${key} began twice`)
      begun.add(key)
      const span: Span = { start: mark, end: null, why: '' }
      spans.push(span)
      open.set(key, span)
    } else if (mark.mark === 'end') close(open, keyOf(mark), mark.at, mark.why)
    else if (mark.mark === 'refusal') refusals.push(mark.text)
    else for (const [key, span] of open) if (span.start.pid === mark.pid) close(open, key, mark.at, 'killed')
  }
  return { spans, repeated, refusals }
}

const close = (open: Map<string, Span>, key: string, at: number, why: string): void => {
  const span = open.get(key)
  if (span) Object.assign(span, { end: at, why })
  open.delete(key)
}

/** Every start that found a limit full, by what the holders themselves wrote; and how full each limit was at most. */
export const overAdmissions = (spans: readonly Span[]): { over: string[]; peaks: Record<string, number> } => {
  const moves = spans.flatMap(({ start, end }) =>
    [...demandsOf(start)].flatMap(([name, weight]) => [
      { name, at: start.at, weight, start },
      { name, at: end ?? Number.POSITIVE_INFINITY, weight: -weight, start },
    ]),
  )
  moves.sort((left, right) => left.at - right.at || left.weight - right.weight)
  const used = new Map<string, number>()
  const demands = new Map<string, { run: number; tasks: number }>()
  const peaks = Object.fromEntries(LIMITS.flatMap(({ name, most }) => (most === null ? [] : [[name, 0]])))
  const over: string[] = []
  for (const { name, weight, start } of moves) {
    // A run lends its tasks what it holds itself.
    const key = `${name} ${start.run}`
    const { run, tasks } = demands.get(key) ?? { run: 0, tasks: 0 }
    const next = start.task === null ? { run: run + weight, tasks } : { run, tasks: tasks + weight }
    demands.set(key, next)
    const more = Math.max(next.run, next.tasks) - Math.max(run, tasks)
    const now = (used.get(name) ?? 0) + more
    used.set(name, now)
    peaks[name] = Math.max(peaks[name] ?? 0, now)
    const most = LIMITS.find((limit) => limit.name === name)?.most ?? Number.POSITIVE_INFINITY
    if (weight > 0 && now > most) over.push(`${name}: ${now} of ${most} when ${start.deployment} ${keyOf(start)} began`)
  }
  return { over, peaks }
}

/** Two executions of one run at the same time. */
export const doubled = (spans: readonly Span[]): string[] => {
  const last = new Map<string, Span>()
  const found: string[] = []
  for (const span of spans.filter(({ start }) => start.task === null).sort((left, right) => left.start.at - right.start.at)) {
    const before = last.get(span.start.run)
    if (before && (before.end === null || before.end > span.start.at))
      found.push(`run ${span.start.run}: attempt ${span.start.attempt} began beside attempt ${before.start.attempt}`)
    last.set(span.start.run, span)
  }
  return found
}

export type FinalRun = { id: string; state: string; attempt: number }

/** Runs that did not end; that are said to have completed without having done so; and that went on after they had completed. */
export const lost = (
  created: readonly string[],
  runs: readonly FinalRun[],
  spans: readonly Span[],
): { lost: string[]; revived: string[] } => {
  const byId = new Map(runs.map((run) => [run.id, run]))
  const missing: string[] = []
  const revived: string[] = []
  for (const id of created) {
    const run = byId.get(id)
    if (!run || !['COMPLETED', 'FAILED', 'CANCELLED', 'CRASHED'].includes(run.state)) missing.push(`run ${id} is ${run?.state ?? 'gone'}`)
  }
  const own = new Map<string, Span[]>()
  for (const span of spans) if (span.start.task === null) own.set(span.start.run, [...(own.get(span.start.run) ?? []), span])
  for (const { id, state, attempt } of runs.filter((run) => run.state === 'COMPLETED')) {
    const spansOfRun = own.get(id) ?? []
    const done = spansOfRun.find((span) => span.start.attempt === attempt && span.why === 'completed')
    if (!done) missing.push(`run ${id} is ${state}, but attempt ${attempt} never came to its end`)
    else if (spansOfRun.some(({ start }) => start.at > done.start.at && start !== done.start))
      revived.push(`run ${id} went on after its end`)
  }
  return { lost: missing, revived }
}

/** The most starts within any window of a rate. */
export const mostInWindow = (starts: readonly number[], windowMs: number): number => {
  const sorted = [...starts].sort((left, right) => left - right)
  let from = 0
  let most = 0
  sorted.forEach((at, index) => {
    while ((sorted[from] ?? at) <= at - windowMs) from += 1
    most = Math.max(most, index - from + 1)
  })
  return most
}
