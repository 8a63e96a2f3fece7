import { poolTypeSchema } from '@towline/contract/run-spec'
import { CliError, EXIT } from '../cli-error.ts'
import { connect } from '../client.ts'
import type { CommandInput } from '../command.ts'

interface Options {
  type: string
  description?: string
  variables?: string
}

export const run = async ({ args: [name = ''], options, io }: CommandInput<Options>): Promise<void> => {
  const type = poolTypeSchema.safeParse(options.type)
  if (!type.success)
    throw new CliError(`"${options.type}" is no type of pool`, {
      exit: EXIT.usage,
      remedy: `towline pools create ${name} --type ${poolTypeSchema.options.join('|')}`,
    })
  let variables: Record<string, unknown> | undefined
  try {
    variables = options.variables === undefined ? undefined : JSON.parse(options.variables)
  } catch (cause) {
    throw new CliError('--variables is no JSON', {
      exit: EXIT.usage,
      remedy: `towline pools create ${name} --variables '{"env":{"STAGE":"prod"}}'`,
      cause,
    })
  }
  const { api } = connect()
  const pool = await api.pools.create.mutate({ name, type: type.data, description: options.description, variables })
  io.json(pool)
  io.line(`Created ${io.bold(pool.name)} (${pool.type})`)
  io.note(io.dim(`give it an agent: towline agent start --pool ${pool.name}`))
}
