import type { JobVariables } from '@towline/contract/run-spec'

/** Defaults first, overrides last: `env` is merged key by key, every other variable is replaced. */
export const mergeVariables = (...layers: JobVariables[]): JobVariables => {
  const merged: JobVariables = {}
  for (const layer of layers) {
    const env = merged.env || layer.env ? { ...merged.env, ...layer.env } : undefined
    Object.assign(merged, layer)
    if (env) merged.env = env
  }
  return merged
}
