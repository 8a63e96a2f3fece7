import { type Collision, collisionSchema, type LimitInput } from '@towline/contract/limit-views'
import { CliError, EXIT } from '../cli-error.ts'
import { connect } from '../client.ts'
import type { CommandInput } from '../command.ts'
import { limitName } from '../limits/limit-name.ts'
import { parseLimitRef } from '../limits/limit-ref.ts'
import { parseRate, parseSlots } from '../limits/setting.ts'
import { rateText } from '../limits/setting-text.ts'

interface Options {
  slots?: string
  rate?: string
  collision?: string
  description?: string
}

const collisionOf = (typed: string): Collision => {
  const parsed = collisionSchema.safeParse(typed)
  if (parsed.success) return parsed.data
  throw new CliError(`--collision is one of ${collisionSchema.options.join(', ')}`, { exit: EXIT.usage })
}

export const run = async ({ args: [typed = '', positional], options, io }: CommandInput<Options>): Promise<void> => {
  const { rate, collision, description } = options
  const slots = options.slots ?? positional
  const input: LimitInput = {
    limit: parseLimitRef(typed),
    ...(slots !== undefined && { slots: parseSlots(slots) }),
    ...(rate !== undefined && { rate: parseRate(rate) }),
    ...(collision !== undefined && { collision: collisionOf(collision) }),
    ...(description !== undefined && { description }),
  }
  if (Object.keys(input).length === 1)
    throw new CliError('say what to set', { exit: EXIT.usage, remedy: `towline limits set ${typed} 5, or --rate 100/1m` })
  const { api } = connect()
  const limit = await api.limits.set.mutate(input)
  io.json(limit)
  const bounds = [
    limit.slots === null ? null : `${limit.slots} ${limit.slots === 1 ? 'slot' : 'slots'}`,
    limit.rate && `${rateText(limit.rate)} starts`,
  ]
  io.line(`${io.bold(limitName(limit))}  ${bounds.filter(Boolean).join(', ') || 'no bound'}`)
  if (limit.slots === 0) io.note(`nothing new is let in until it is raised: towline limits set ${limitName(limit)} 1`)
  else if (limit.slots !== null && limit.used > limit.slots)
    io.note(`${limit.used} are held: those go on, and nothing new is let in before ${limit.used - limit.slots + 1} of them are back`)
}
