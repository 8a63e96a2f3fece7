import { connect } from '../client.ts'
import type { CommandInput } from '../command.ts'
import { printFacts } from '../output/table.ts'

export const run = async ({ io }: CommandInput<object>): Promise<void> => {
  const { api, session } = connect()
  const who = await api.auth.whoami.query()
  io.json({ ...who, url: session.url })
  if (io.format === 'json') return
  printFacts(io, [
    ['user', who.user ? `${who.user.name} <${who.user.email}>` : null],
    ['key', who.key ? `${who.key.name} (${who.key.kind})` : null],
    ['workspace', who.workspace ? `${who.workspace.name} (${who.workspace.slug}), ${who.workspace.role}` : 'none'],
    ['url', session.url],
  ])
}
