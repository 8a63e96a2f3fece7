export type Env = Record<string, string>

/** `NAME=value` lines, as people keep them in files. */
export const envToText = (env: Env | undefined): string =>
  Object.entries(env ?? {})
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')

/** Which lines make no sense is told by number; empty lines and comments are left out. */
export const textToEnv = (text: string): { env: Env; error: string | null } => {
  const env: Env = {}
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue
    const match = line.match(/^\s*([A-Za-z_][A-Za-z0-9_]*)=(.*)$/)
    if (!match?.[1]) return { env, error: `Line ${index + 1} is not NAME=value.` }
    env[match[1]] = match[2] ?? ''
  }
  return { env, error: null }
}
