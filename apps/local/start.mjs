// `npm start`: from a fresh clone to a running Towline. Plain JavaScript without dependencies, as it runs before they are there.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const startedAt = Date.now()
/** All but the dashboard's pages: those take longest, and are built beside the first run. */
const TASKS = ['gateway#build', 'scheduler#build', 'agent#build', 'cli#build', 'sdk#build', 'local#build', 'web#build:server']

assertNode()
process.chdir(root)
install()
build()
process.env.TOWLINE_STARTED_AT ??= String(startedAt)
await import(pathToFileURL(join(root, 'apps/local/dist/local.mjs')).href)

function assertNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  fail(`Towline needs Node.js 20.19 or later, and this is ${process.versions.node}. Get it from https://nodejs.org`)
}

/** Installs when node_modules is missing or belongs to another lockfile. */
function install() {
  const lockfile = join(root, 'package-lock.json')
  const stamp = join(root, 'node_modules/.towline-lockfile')
  const hash = createHash('sha256').update(readFileSync(lockfile)).digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return
  const installed = join(root, 'node_modules/.package-lock.json')
  if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(lockfile).mtimeMs) {
    console.log('… dependencies   once, a minute or two')
    step(
      'dependencies',
      'npm',
      ['ci', '--no-audit', '--no-fund', '--loglevel=error'],
      'Check the network and the npm registry, then run npm start again.',
    )
  }
  writeFileSync(stamp, hash)
}

function build() {
  const turbo = join(root, 'node_modules/.bin/turbo')
  step(
    'build',
    turbo,
    ['run', ...TASKS.map((task) => `@towline/${task}`), '--output-logs=errors-only', '--log-order=grouped'],
    'The lines above say why.',
  )
}

function step(name, command, args, advice) {
  const begun = Date.now()
  if (process.stdout.isTTY) process.stdout.write(`… ${name}\r`)
  const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', TURBO_NO_UPDATE_NOTIFIER: '1', NEXT_TELEMETRY_DISABLED: '1' }
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: root,
    env,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  if (status === 0) return console.log(`✓ ${name.padEnd(14)} ${((Date.now() - begun) / 1000).toFixed(1)} s`)
  console.error([stdout, stderr].filter(Boolean).join('\n'))
  fail(`${name} failed${error ? ` (${error.message})` : ''}. ${advice}`)
}

function fail(line) {
  console.error(`✗ ${line}`)
  process.exit(1)
}
