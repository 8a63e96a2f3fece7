import { spawn } from 'node:child_process'
import { hostname, userInfo } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { CliError, EXIT } from '../cli-error.ts'
import { createApi } from '../client.ts'
import type { CommandInput } from '../command.ts'
import { apiUrl, configPath, writeConfig } from '../config.ts'
import type { Io } from '../output/io.ts'

interface Options {
  url?: string
  key?: string
  browser: boolean
}

/** Quietly does nothing where there is no browser: the address is on the screen. */
export const openBrowser = (url: string): void => {
  const [command, ...args] =
    process.platform === 'darwin' ? ['open'] : process.platform === 'win32' ? ['cmd', '/c', 'start', '""'] : ['xdg-open']
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return
  const child = spawn(command ?? 'open', [...args, url], { stdio: 'ignore', detached: true })
  child.on('error', () => undefined)
  child.unref()
}

const finish = async (io: Io, url: string, key: string): Promise<void> => {
  const who = await createApi({ url, key }).auth.whoami.query()
  if (who.key?.kind === 'agent')
    throw new CliError('this is a key of an agent, not of a person', { exit: EXIT.usage, remedy: 'towline login' })
  if (!who.workspace) throw new CliError('this key belongs to no workspace', { remedy: 'towline login' })
  writeConfig({ url, key, workspace: who.workspace.slug })
  io.json(who)
  io.line(`Signed in to ${io.bold(who.workspace.name)} at ${url}${who.user ? ` as ${who.user.email}` : ''}`)
  io.note(io.dim(`kept in ${configPath()}; next: towline init, or towline deployments ls`))
}

const readStdin = async (): Promise<string> => {
  let text = ''
  for await (const chunk of process.stdin) text += String(chunk)
  return text.trim()
}

const loginInBrowser = async (io: Io, url: string, browser: boolean): Promise<string> => {
  const api = createApi({ url, key: null })
  const { deviceCode, userCode, verificationUrl, intervalSeconds, expiresAt } = await api.login.start.mutate({
    clientName: `${userInfo().username}@${hostname()}`.slice(0, 120),
  })
  io.note(`Open ${io.bold(verificationUrl)}\nand approve the code ${io.bold(userCode)}`)
  if (browser && process.stderr.isTTY) openBrowser(verificationUrl)
  while (expiresAt.getTime() > Date.now()) {
    await wait(intervalSeconds * 1000)
    const polled = await api.login.poll.mutate({ deviceCode })
    if (polled.status === 'approved' && polled.key) return polled.key
    if (polled.status === 'denied')
      throw new CliError('the request was denied in the browser', { exit: EXIT.signedOut, remedy: 'towline login' })
    if (polled.status === 'expired') break
  }
  throw new CliError('the code has expired', { exit: EXIT.signedOut, remedy: 'towline login' })
}

export const run = async ({ options, io }: CommandInput<Options>): Promise<void> => {
  const url = apiUrl(options.url)
  const given = options.key === '-' ? await readStdin() : options.key
  await finish(io, url, given ?? (await loginInBrowser(io, url, options.browser)))
}
