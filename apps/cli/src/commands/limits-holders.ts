import type { LimitDetail, LimitWaiter } from '@towline/contract/limit-views'
import { connect } from '../client.ts'
import type { CommandInput } from '../command.ts'
import { callLimit } from '../limits/call-limit.ts'
import { limitName } from '../limits/limit-name.ts'
import { parseLimitRef } from '../limits/limit-ref.ts'
import { inUseText, rateText } from '../limits/setting-text.ts'
import { relativeText, shortId, stateText } from '../output/format.ts'
import type { Io } from '../output/io.ts'
import { printTable } from '../output/table.ts'

const holdText = ({ hold, until, called }: LimitWaiter): string => {
  if (called) return 'called'
  return until ? `${hold}, ${relativeText(until)}` : hold
}

const printDetail = (io: Io, limit: LimitDetail): void => {
  const rate = limit.rate ? `, ${rateText(limit.rate)} starts` : ''
  io.line(`${io.bold(limitName(limit))}  in use: ${inUseText(limit)}${rate}`)
  io.line()
  if (limit.holders.length === 0) io.line('nobody holds a slot')
  else
    printTable(
      io,
      ['SLOT', 'RUN', 'NAME', 'TASK', 'WEIGHT', 'STATE', 'SINCE'],
      limit.holders.map(({ slotId, run, taskKey, weight, lent, since }) => [
        shortId(slotId),
        shortId(run.id),
        run.name,
        taskKey ?? '',
        lent === 0 ? String(weight) : `${weight} + ${lent} lent`,
        stateText(io, run.state),
        relativeText(since),
      ]),
    )
  if (limit.holding > limit.holders.length) io.line(io.dim(`and ${limit.holding - limit.holders.length} more`))
  io.line()
  if (limit.waiters.length === 0) io.line('nobody waits')
  else
    printTable(
      io,
      ['PLACE', 'RUN', 'NAME', 'TASK', 'WEIGHT', 'PRIORITY', 'SINCE', 'WHY'],
      limit.waiters.map((waiter) => [
        String(waiter.place),
        shortId(waiter.run.id),
        waiter.run.name,
        waiter.taskKey ?? '',
        String(waiter.weight),
        String(waiter.priority),
        relativeText(waiter.since),
        holdText(waiter),
      ]),
    )
  if (limit.waiting > limit.waiters.length) io.line(io.dim(`and ${limit.waiting - limit.waiters.length} more`))
}

export const run = async ({ args: [typed = ''], io }: CommandInput<object>): Promise<void> => {
  const ref = parseLimitRef(typed)
  const { api } = connect()
  const limit = await callLimit(api, typed, 'towline limits holders', () => api.limits.get.query({ limit: ref }))
  io.json(limit)
  if (io.format !== 'json') printDetail(io, limit)
}
