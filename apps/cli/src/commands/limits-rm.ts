import { connect } from '../client.ts'
import type { CommandInput } from '../command.ts'
import { confirm } from '../confirm.ts'
import { callLimit } from '../limits/call-limit.ts'
import { limitName } from '../limits/limit-name.ts'
import { parseLimitRef } from '../limits/limit-ref.ts'

export const run = async ({ args: [typed = ''], options, io }: CommandInput<{ yes?: boolean }>): Promise<void> => {
  const ref = parseLimitRef(typed)
  const { api } = connect()
  const found = await callLimit(api, typed, 'towline limits rm', () => api.limits.get.query({ limit: ref }))
  const name = limitName(found)
  await confirm(`Delete the limit of ${name}, which ${found.waiting} wait for?`, options.yes)
  await api.limits.delete.mutate({ limit: { id: found.id } })
  io.json({ deleted: name })
  io.line(`Deleted the limit of ${name}`)
}
