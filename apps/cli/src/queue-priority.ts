import { queuePrioritySchema } from '@towline/contract/views'
import { CliError, EXIT } from './cli-error.ts'

export const parsePriority = (typed: string): number => {
  const parsed = queuePrioritySchema.safeParse(/^\d+$/.test(typed) ? Number(typed) : typed)
  if (parsed.success) return parsed.data
  throw new CliError(`"${typed}" is no priority of a queue`, { exit: EXIT.usage, remedy: 'a whole number from 1 (served first) to 10000' })
}
