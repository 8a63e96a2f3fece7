import type { CommandInput } from '../command.ts'
import { configPath, readConfig, removeConfig } from '../config.ts'

export const run = ({ io }: CommandInput<object>): void => {
  const config = readConfig()
  removeConfig()
  io.json({ signedOut: config !== null, url: config?.url ?? null })
  io.line(config ? `Signed out of ${config.url}` : 'You were not signed in')
  if (config) io.note(io.dim(`the key is gone from ${configPath()}; revoke it with towline keys revoke, or in Settings`))
}
