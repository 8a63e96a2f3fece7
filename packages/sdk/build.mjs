// Builds dist/: one small module without dependencies, its types, and towline-sdk.tgz, which `npm install <url>` takes.
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { createTarball, filesIn, removeOlder } from '../../.config/tarball.mjs'

const here = fileURLToPath(new URL('.', import.meta.url))
const manifest = JSON.parse(await readFile(join(here, 'package.json'), 'utf8'))
const dist = join(here, 'dist')

const startedAt = Date.now()
await mkdir(dist, { recursive: true })
const tsc = join(createRequire(import.meta.url).resolve('typescript/package.json'), '../bin/tsc')
const emitTypes = promisify(execFile)(process.execPath, [tsc, '-p', join(here, 'tsconfig.types.json')])
await build({
  entryPoints: [join(here, 'src/index.ts')],
  outfile: join(dist, 'index.js'),
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  logLevel: 'warning',
})
await emitTypes

const { name, version, license, type } = manifest
const published = {
  name,
  version,
  license,
  type,
  description: 'Flows and tasks for Towline: the file that runs on your agents runs alone with plain node',
  engines: { node: '>=20.19' },
  exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
  files: ['dist'],
  peerDependencies: manifest.peerDependencies,
  peerDependenciesMeta: manifest.peerDependenciesMeta,
}
await removeOlder(dist, startedAt)
const files = await filesIn(dist, 'dist')
for (const name of files.keys()) if (/\.tgz/.test(name)) files.delete(name)
files.set('package.json', `${JSON.stringify(published, null, 2)}\n`)
files.set('README.md', await readFile(join(here, 'README.md')))
const tarball = createTarball(files)
await writeFile(join(dist, 'towline-sdk.tgz'), tarball)
await writeFile(join(dist, 'towline-sdk.tgz.sha256'), `${createHash('sha256').update(tarball).digest('hex')}  towline-sdk.tgz\n`)
