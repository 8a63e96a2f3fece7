import type { z } from 'zod'

export class EnvError extends Error {
  override readonly name = 'EnvError'
}

/**
 * Reads a process's settings once, at its door. An empty variable counts as absent (compose files set those). All problems come in
 * one line, each with its variable; values are never repeated, as some of them are secrets.
 */
export const readEnv = <S extends z.ZodObject>(schema: S, source: Record<string, string | undefined> = process.env): z.output<S> => {
  const given = Object.fromEntries(Object.keys(schema.shape).flatMap((key) => (source[key] ? [[key, source[key]]] : [])))
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map((issue) => {
    const key = issue.path.join('.')
    return key in given ? `${key}: ${issue.message}` : `${key} is not set`
  })
  throw new EnvError(`Bad environment: ${[...new Set(problems)].join('; ')}`)
}
