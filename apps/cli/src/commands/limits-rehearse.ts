import { CliError, EXIT } from '../cli-error.ts'
import { connect, errorCodeOf } from '../client.ts'
import type { CommandInput } from '../command.ts'
import { parseLimitRef } from '../limits/limit-ref.ts'
import { parseRate, parseSlots } from '../limits/setting.ts'
import { rateText } from '../limits/setting-text.ts'
import { durationText } from '../output/format.ts'
import { printTable } from '../output/table.ts'

interface Options {
  slots?: string
  rate?: string
}

/** So many deployments are listed, those that change most. */
const GROUPS = 10

export const run = async ({ args: [typed = '', positional], options, io }: CommandInput<Options>): Promise<void> => {
  const ref = parseLimitRef(typed)
  const said = options.slots ?? positional
  if (said === undefined && options.rate === undefined)
    throw new CliError('say what to try', { exit: EXIT.usage, remedy: `towline limits rehearse ${typed} 5, or --rate 100/1m` })
  const { api } = connect()
  // What is not said is tried as it is now.
  const today = await api.limits.get.query({ limit: ref }).catch((error: unknown) => {
    if (errorCodeOf(error) === 'not_found') return null
    throw error
  })
  const slots = said === undefined ? (today?.slots ?? null) : parseSlots(said)
  const rate = options.rate === undefined ? (today?.rate ?? null) : parseRate(options.rate)
  const { before, after, groups, holders, truncated, ...rest } = await api.limits.rehearse.query({ limit: ref, slots, rate })
  io.json({ ...rest, holders, truncated, before, after, groups })
  if (io.format === 'json') return
  if (holders === 0) {
    io.line('nothing of the kind ran in the last 24 hours, so there is nothing to rehearse')
    return
  }
  const setting =
    [slots === null ? null : `${slots} ${slots === 1 ? 'slot' : 'slots'}`, rate && `${rateText(rate)} starts`].filter(Boolean).join(', ') ||
    'no bound'
  io.line(`The last 24 hours (${holders} ${truncated ? 'newest ' : ''}holders) with ${io.bold(setting)}:`)
  io.line()
  const row = (what: string, of: (summary: typeof before) => string): string[] => [what, of(before), of(after)]
  printTable(
    io,
    ['', 'TODAY', 'THEN'],
    [
      row('wait, half of them up to', (it) => durationText(it.p50)),
      row('wait, 95 of 100 up to', (it) => durationText(it.p95)),
      row('longest wait', (it) => durationText(it.max)),
      row('longest line', (it) => String(it.peakLine)),
      row('most slots in use', (it) => String(it.peakUse)),
      row('never let in', (it) => String(it.never)),
    ],
  )
  const changed = groups.filter(
    ({ meanWaitBefore, meanWaitAfter, neverAfter }) => Math.abs(meanWaitAfter - meanWaitBefore) >= 1 || neverAfter > 0,
  )
  io.line()
  if (changed.length === 0) io.line('no deployment would have waited longer or shorter')
  else
    printTable(
      io,
      ['DEPLOYMENT', 'HOLDERS', 'MEAN WAIT TODAY', 'THEN', ''],
      changed
        .slice(0, GROUPS)
        .map((group) => [
          group.group,
          String(group.holders),
          durationText(group.meanWaitBefore),
          durationText(group.meanWaitAfter),
          group.neverAfter > 0 ? `${group.neverAfter} never let in` : group.meanWaitAfter < group.meanWaitBefore ? 'gains' : 'loses',
        ]),
    )
  io.note(
    io.dim(
      `nothing was changed; do it with: towline limits set ${typed}${said === undefined ? '' : ` ${said}`}${options.rate === undefined ? '' : ` --rate ${options.rate}`}`,
    ),
  )
}
