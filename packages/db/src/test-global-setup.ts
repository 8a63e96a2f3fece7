import { spawnSync } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const modified = async (path: string): Promise<number> =>
  stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  )

/** One server and one migrated template for a whole vitest run; the workers find them in their environment. */
export default async (): Promise<() => Promise<void>> => {
  const client = join(here, 'generated', 'client.ts')
  if ((await modified(client)) < (await modified(join(here, '..', '..', '..', 'prisma', 'schema.prisma')))) {
    spawnSync(process.execPath, [join(here, '..', 'generate.mjs')], { stdio: 'inherit' })
  }
  // Only now: whatever of this package needs the generated client could not have been imported before.
  const { startTestServer } = await import('./test-server.ts')
  const server = await startTestServer()
  process.env.TOWLINE_TEST_SERVER = JSON.stringify({ url: server.url, template: server.template })
  return () => server.stop()
}
