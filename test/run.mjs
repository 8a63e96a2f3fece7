// `npm test`: every check and test of the repository in stages. `npm test -- unit e2e` runs only those.
// Plain JavaScript without dependencies, as it installs them when they are missing.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const results = join(root, 'test/results')
const isCi = process.env.CI === 'true' || process.env.CI === '1'
const total = { passed: 0, failed: 0, skipped: 0 }
const environment = {
  ...process.env,
  TURBO_TELEMETRY_DISABLED: '1',
  TURBO_NO_UPDATE_NOTIFIER: '1',
  NEXT_TELEMETRY_DISABLED: '1',
  FORCE_COLOR: '0',
}

const bin = (name) => join(root, 'node_modules/.bin', name)
const depcruise = [
  '--config',
  '.config/dependency-cruiser.cjs',
  'apps/*/{src,server}/**/*.{ts,tsx}',
  'packages/*/src/**/*.{ts,tsx}',
  'test/**/*.ts',
]

/** Stages in the order of their cost. Each holds commands (one check each) or a vitest run (many tests). */
const STAGES = {
  checks: [
    command('types and generated code', bin('turbo'), ['run', 'typecheck', '--output-logs=errors-only']),
    command('format and lint', bin('biome'), ['ci', '--error-on-warnings', '.']),
    command('floors', bin('depcruise'), depcruise),
    command('file sizes', 'node', ['test/support/check-file-sizes.mjs']),
    command('unused code', bin('knip'), ['--config', '.config/knip.json', '--no-config-hints']),
    command('schema drift', 'node', ['.config/run-ts.mjs', 'packages/db/src/check-drift.ts']),
  ],
  build: [command('build', bin('turbo'), ['run', 'build', '--output-logs=errors-only'])],
  unit: [vitest('unit, engine, API and UI', '.config/vitest.config.ts', ['--exclude', 'packages/launchers/**'])],
  conformance: [vitest('launchers', '.config/vitest.config.ts', ['packages/launchers'])],
  e2e: [vitest('journeys', '.config/vitest.processes.config.ts', ['test/e2e'])],
  chaos: [vitest('chaos', '.config/vitest.processes.config.ts', ['test/chaos'])],
}
const NEEDS_BUILD = ['conformance', 'e2e', 'chaos', 'unit']

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !(name in STAGES))
if (unknown.length > 0) {
  console.error(`There is no stage ${unknown.join(', ')}. Stages: ${Object.keys(STAGES).join(', ')}`)
  process.exit(2)
}

install()
mkdirSync(results, { recursive: true })
lookAround()

const selected = wanted.length > 0 ? Object.keys(STAGES).filter((name) => wanted.includes(name)) : Object.keys(STAGES)
if (selected.some((name) => NEEDS_BUILD.includes(name)) && !selected.includes('build')) selected.unshift('build')
for (const name of selected) for (const run of STAGES[name]) run(name)

const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : ''
console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`)
process.exit(total.failed > 0 ? 1 : 0)

function install() {
  if (existsSync(join(root, 'node_modules/.package-lock.json'))) return
  const { status, stdout, stderr } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    encoding: 'utf8',
  })
  if (status === 0) return
  console.error(`${stdout}${stderr}\n✗ npm ci failed. Check the network and the npm registry.`)
  process.exit(1)
}

/** What some tests need of the machine. In CI a missing piece is a failure, elsewhere a loud skip. */
function lookAround() {
  const docker = spawnSync('docker', ['info', '--format', '{{.ServerVersion}}'], { encoding: 'utf8' })
  const chromium = [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
    (path) => path && existsSync(path),
  )
  const missing = [
    docker.status !== 0 && 'No Docker engine answers: start it with "dockerd &" (Debian: apt-get install docker.io) or Docker Desktop.',
    !chromium && 'No Chromium: install it (Debian: apt-get install chromium) or point CHROMIUM_PATH to one.',
  ].filter(Boolean)
  for (const line of missing) {
    console.log(`${isCi ? '✗' : '!'} ${line}${isCi ? '' : ' Its tests are SKIPPED.'}`)
    if (isCi) total.failed += 1
  }
  if (chromium) environment.CHROMIUM_PATH = chromium
}

function report(stage, title, begun, note, failed) {
  const time = `${((Date.now() - begun) / 1000).toFixed(1)} s`
  console.log(`${failed ? '✗' : '✓'} ${stage.padEnd(12)} ${title.padEnd(28)} ${time.padStart(8)}  ${note}`)
}

function command(title, program, args) {
  return (stage) => {
    const begun = Date.now()
    const { status, stdout, stderr, error } = spawnSync(program, args, {
      cwd: root,
      encoding: 'utf8',
      env: environment,
      maxBuffer: 256 * 1024 * 1024,
    })
    const failed = status !== 0
    total[failed ? 'failed' : 'passed'] += 1
    if (failed) console.error([stdout, stderr, error?.message].filter(Boolean).join('\n'))
    report(stage, title, begun, '', failed)
    if (failed && stage === 'build') {
      console.log(`\n${total.passed} passed, ${total.failed} failed (the rest needs the build)`)
      process.exit(1)
    }
  }
}

function vitest(title, config, filters) {
  return (stage) => {
    const begun = Date.now()
    const file = join(results, `${stage}.json`)
    rmSync(file, { force: true })
    const { status } = spawnSync(bin('vitest'), ['run', '--config', config, '--passWithNoTests', ...filters], {
      cwd: root,
      stdio: 'inherit',
      env: { ...environment, TOWLINE_TEST_REPORT: file },
    })
    const {
      numPassedTests: passed = 0,
      numFailedTests: failing = 0,
      numPendingTests: pending = 0,
    } = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
    // A file that cannot be loaded fails the run without a failing test.
    const failed = status !== 0 ? Math.max(1, failing) : failing
    total.passed += passed
    total.failed += failed
    total.skipped += pending
    report(stage, title, begun, `${passed} passed${failed ? `, ${failed} failed` : ''}${pending ? `, ${pending} skipped` : ''}`, failed > 0)
  }
}
