// Writes the Prisma client to src/generated. `prisma generate` wants to download a schema engine that it then does not use;
// naming any program that exists stops it, so this works without a network and on every platform.
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const cli = join(dirname(createRequire(import.meta.url).resolve('prisma/package.json')), 'build', 'index.js')
const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'generate', '--config', join(here, 'prisma.config.mjs')], {
  cwd: here,
  encoding: 'utf8',
  env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: '1', CHECKPOINT_DISABLE: '1' },
})
if (status !== 0) {
  process.stderr.write(stdout + stderr)
  process.exit(status ?? 1)
}
