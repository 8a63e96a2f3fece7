import { CliError, EXIT } from '../cli-error.ts'
import { connect } from '../client.ts'
import type { CommandInput } from '../command.ts'
import { relativeText } from '../output/format.ts'
import { printTable } from '../output/table.ts'

export const ls = {
  run: async ({ io }: CommandInput<object>): Promise<void> => {
    const keys = await connect().api.keys.list.query()
    io.json(keys)
    printTable(
      io,
      ['ID', 'KEY', 'KIND', 'NAME', 'POOL', 'LAST USED', 'EXPIRES', ''],
      keys.map((key) => [
        key.id,
        `${key.prefix}…`,
        key.kind,
        key.name,
        key.poolName ?? '',
        relativeText(key.lastUsedAt),
        relativeText(key.expiresAt),
        key.revokedAt ? `revoked ${relativeText(key.revokedAt)}` : '',
      ]),
    )
  },
}

interface CreateOptions {
  kind: string
  pool?: string
  expiresInDays?: string
}

export const create = {
  run: async ({ args: [name = ''], options, io }: CommandInput<CreateOptions>): Promise<void> => {
    const { kind, pool } = options
    if (kind !== 'user' && kind !== 'agent') throw new CliError('--kind is user or agent', { exit: EXIT.usage })
    if (kind === 'agent' && !pool)
      throw new CliError('an agent key belongs to a work pool', {
        exit: EXIT.usage,
        remedy: `towline keys create ${name} --kind agent --pool <pool>`,
      })
    const days = options.expiresInDays === undefined ? undefined : Number(options.expiresInDays)
    if (days !== undefined && !(Number.isInteger(days) && days > 0))
      throw new CliError('--expires-in-days is a whole number of days', { exit: EXIT.usage })
    const key = await connect().api.keys.create.mutate({ kind, name, pool, expiresInDays: days })
    io.json(key)
    io.line(key.secret)
    io.note(io.dim('this is the only time that the key is shown'))
  },
}

export const revoke = {
  run: async ({ args: [id = ''], io }: CommandInput<object>): Promise<void> => {
    const { api } = connect()
    const matches = (await api.keys.list.query()).filter((key) => !key.revokedAt && (key.id === id || key.name === id || key.prefix === id))
    if (matches.length > 1)
      throw new CliError(`${matches.length} keys are called "${id}"`, { remedy: `towline keys revoke ${matches[0]?.id}` })
    await api.keys.revoke.mutate({ id: matches[0]?.id ?? id })
    io.json({ revoked: matches[0]?.id ?? id })
    io.line(`Revoked ${matches[0]?.name ?? id}`)
  },
}
