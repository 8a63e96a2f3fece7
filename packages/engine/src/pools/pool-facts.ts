import type { JobVariables } from '@towline/contract/run-spec'
import { type Facts, secret } from '../audit/differing.ts'

type Settings = { description: string; variables: JobVariables; paused?: boolean }

/** What the audit keeps of a pool: variables one by one, and of the environment the names alone, as its values may be secrets. */
export const poolFacts = ({ description, variables, paused }: Settings): Facts => {
  const { env = {}, ...others } = variables
  return {
    description,
    ...Object.fromEntries(Object.entries(others)),
    ...Object.fromEntries(Object.entries(env).map(([name, value]) => [`env.${name}`, secret(value)])),
    ...(paused !== undefined && { paused }),
  }
}
