import type { LimitKind } from '@towline/contract/limit-views'
import { CliError, EXIT } from '../cli-error.ts'
import { connect } from '../client.ts'
import type { CommandInput } from '../command.ts'
import { limitName } from '../limits/limit-name.ts'
import { inUseText, rateText } from '../limits/setting-text.ts'
import { printTable } from '../output/table.ts'

const KINDS = ['pool', 'queue', 'deployment', 'tag'] as const satisfies LimitKind[]

const kindOf = (typed: string | undefined): LimitKind | undefined => {
  const kind = KINDS.find((one) => one === typed)
  if (typed === undefined || kind) return kind
  throw new CliError(`--kind is one of ${KINDS.join(', ')}`, { exit: EXIT.usage })
}

/** So many tags without a limit are named. */
const SUGGESTED = 3

const plural = (count: number, noun: string): string[] => (count === 0 ? [] : [`${count} ${noun}${count === 1 ? '' : 's'}`])
const seenText = (runs: number, tasks: number): string => [...plural(runs, 'run'), ...plural(tasks, 'task')].join(', ')

export const run = async ({ options, io }: CommandInput<{ kind?: string }>): Promise<void> => {
  const { api } = connect()
  const kind = kindOf(options.kind)
  const suggestions = io.format === 'json' ? Promise.resolve([]) : api.limits.suggestions.query()
  const [limits, seen] = await Promise.all([api.limits.list.query({ kind }), suggestions])
  io.json(limits)
  if (io.format === 'json') return
  if (limits.length > 0)
    printTable(
      io,
      ['LIMIT', 'IN USE', 'RATE', 'WAITING', 'COLLISION', 'DESCRIPTION'],
      limits.map((limit) => [
        limitName(limit),
        inUseText(limit),
        rateText(limit.rate),
        String(limit.waiting),
        limit.kind === 'deployment' ? limit.collision : '',
        limit.description,
      ]),
    )
  else io.note('no limits; set one with: towline limits set <tag> <slots>')
  const names = seen.slice(0, SUGGESTED).map(({ tag, runs, tasks }) => `${tag} (${seenText(runs, tasks)})`)
  if (names.length > 0) io.note(io.dim(`tags without a limit: ${names.join(', ')}`))
}
