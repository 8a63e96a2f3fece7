import { CliError } from '../cli-error.ts'
import { connect } from '../client.ts'
import type { CommandInput } from '../command.ts'
import { confirm } from '../confirm.ts'
import { callLimit } from '../limits/call-limit.ts'
import { limitName } from '../limits/limit-name.ts'
import { parseLimitRef } from '../limits/limit-ref.ts'

interface Options {
  reason: string
  yes?: boolean
}

export const run = async ({ args: [typed = '', holder = ''], options, io }: CommandInput<Options>): Promise<void> => {
  const ref = parseLimitRef(typed)
  const { api } = connect()
  const limit = await callLimit(api, typed, 'towline limits release', () => api.limits.get.query({ limit: ref }))
  const name = limitName(limit)
  const meant = limit.holders.filter(({ slotId, run }) => [slotId, run.id].some((id) => id.endsWith(holder)) || run.name === holder)
  const [slot] = meant
  if (slot === undefined)
    throw new CliError(`nobody called "${holder}" holds a slot of ${name}`, { remedy: `towline limits holders ${name}` })
  if (meant.length > 1)
    throw new CliError(`${meant.length} slots of ${name} fit "${holder}"`, { remedy: `towline limits release ${name} ${slot.slotId}` })
  await confirm(`Stop ${slot.run.name} and give its slot of ${name} to the next in line?`, options.yes)
  const released = await api.limits.release.mutate({ limit: { id: limit.id }, slotId: slot.slotId, reason: options.reason })
  io.json(released)
  io.line(`${released.runName} is told to stop; its slot goes to the next in line when it has`)
}
