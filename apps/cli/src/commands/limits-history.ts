import type { LimitHistory } from '@towline/contract/limit-views'
import { CliError, EXIT } from '../cli-error.ts'
import { connect } from '../client.ts'
import type { CommandInput } from '../command.ts'
import { callLimit } from '../limits/call-limit.ts'
import { parseLimitRef } from '../limits/limit-ref.ts'
import { clockText, durationText } from '../output/format.ts'
import { printFacts, printTable } from '../output/table.ts'

const BARS = '▁▂▃▄▅▆▇█'
const COLUMNS = 72
type Point = LimitHistory['points'][number]

/** Neighbours in one, so that the picture fits the width of a terminal. */
const squeeze = (points: Point[], most: number): Point[] => {
  const size = Math.ceil(points.length / most)
  return Array.from({ length: Math.ceil(points.length / size) }, (_, index) => {
    const part = points.slice(index * size, (index + 1) * size)
    const granted = part.reduce((sum, point) => sum + point.granted, 0)
    return {
      at: part[0]?.at ?? new Date(0),
      maxUsed: Math.max(...part.map((point) => point.maxUsed)),
      maxWaiting: Math.max(...part.map((point) => point.maxWaiting)),
      granted,
      waitMeanMs: granted === 0 ? 0 : part.reduce((sum, point) => sum + point.waitMeanMs * point.granted, 0) / granted,
      waitMaxMs: Math.max(...part.map((point) => point.waitMaxMs)),
    }
  })
}

const bars = (values: number[], top: number): string =>
  values.map((value) => (value === 0 ? ' ' : (BARS[Math.min(7, Math.max(0, Math.ceil((value / top) * 8) - 1))] ?? ' '))).join('')

export const run = async ({ args: [typed = ''], options, io }: CommandInput<{ hours: string }>): Promise<void> => {
  const hours = Number(options.hours)
  if (!Number.isInteger(hours) || hours < 1 || hours > 24) throw new CliError('--hours is a number from 1 to 24', { exit: EXIT.usage })
  const ref = parseLimitRef(typed)
  const { api } = connect()
  const history = await callLimit(api, typed, 'towline limits history', () => api.limits.history.query({ limit: ref, hours }))
  io.json(history)
  if (io.format === 'json') return
  if (history.points.length === 0) {
    io.line('nothing is known of it yet')
    return
  }
  const drawn = squeeze(history.points, COLUMNS)
  const peak = Math.max(...drawn.map((point) => point.maxUsed))
  const line = Math.max(...drawn.map((point) => point.maxWaiting))
  printFacts(io, [
    [
      'in use',
      `${bars(
        drawn.map((point) => point.maxUsed),
        Math.max(history.slots ?? 0, peak, 1),
      )}  at most ${peak}${history.slots === null ? '' : ` of ${history.slots}`}`,
    ],
    [
      'waiting',
      `${bars(
        drawn.map((point) => point.maxWaiting),
        Math.max(line, 1),
      )}  at most ${line}`,
    ],
  ])
  io.line()
  printTable(
    io,
    ['FROM', 'IN USE', 'LINE', 'LET IN', 'MEAN WAIT', 'LONGEST'],
    squeeze(history.points, 24)
      .filter((point) => point.maxUsed + point.maxWaiting + point.granted > 0)
      .map((point) => [
        clockText(point.at),
        String(point.maxUsed),
        String(point.maxWaiting),
        String(point.granted),
        point.granted === 0 ? '' : durationText(point.waitMeanMs),
        point.granted === 0 ? '' : durationText(point.waitMaxMs),
      ]),
  )
}
