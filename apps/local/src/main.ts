import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onStop } from '@towline/service/stop'
import { print, red } from './progress.ts'
import { Refusal } from './refusal.ts'
import { readSettings, USAGE } from './settings.ts'
import { startLocal } from './start-local.ts'

/** dist/local.mjs -> apps/local -> apps -> the repository. */
const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))))

const say = (error: unknown): void => {
  const detail = error instanceof Refusal ? error.message : ((error as Error).stack ?? String(error))
  process.stderr.write(`${red('✗')} ${detail}\n`)
}

const main = async (): Promise<void> => {
  const settings = readSettings(process.argv.slice(2), process.env, root)
  if (!settings) return print(USAGE)
  const aborter = new AbortController()
  let local: { stop: () => Promise<void>; kill: () => void } | null = null
  const stop = onStop(
    async (reason) => {
      if (reason.startsWith('SIG')) print('\nStopping …')
      aborter.abort(new Error('stopped'))
      await local?.stop()
    },
    {
      log: { info: () => undefined, error: (_: unknown, text?: string) => print(text ?? '') } as never,
      timeoutMs: 25_000,
      force: () => local?.kill(),
    },
  )
  try {
    await startLocal({ settings, signal: aborter.signal, hold: (handle) => (local = handle) })
  } catch (error) {
    if (aborter.signal.aborted) return
    say(error)
    process.exitCode = 1
    stop('failed to start')
  }
}

main().catch((error: unknown) => {
  say(error)
  process.exit(1)
})
