// Builds dist/: the command and its lazily loaded parts, the schema of towline.yaml, and towline.tgz for `npm install -g <url>`.
import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { createTarball, filesIn, removeOlder } from '../../.config/tarball.mjs'

const here = fileURLToPath(new URL('.', import.meta.url))
const manifest = JSON.parse(await readFile(join(here, 'package.json'), 'utf8'))
const dist = join(here, 'dist')

const startedAt = Date.now()
await mkdir(dist, { recursive: true })
await build({
  entryPoints: { towline: join(here, 'src/main.ts') },
  outdir: dist,
  outExtension: { '.js': '.mjs' },
  chunkNames: 'parts/[name]-[hash]',
  bundle: true,
  splitting: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  banner: { js: 'import{createRequire as __towlineRequire}from"node:module";const require=__towlineRequire(import.meta.url);' },
  define: { 'process.env.TOWLINE_VERSION': JSON.stringify(manifest.version) },
  external: ['esbuild'],
  logLevel: 'warning',
})

const published = {
  name: manifest.name,
  version: manifest.version,
  license: manifest.license,
  type: manifest.type,
  description: 'The towline command: register, run and follow flows',
  engines: { node: '>=20.19' },
  bin: manifest.bin,
  files: ['bin', 'dist'],
  dependencies: { esbuild: manifest.dependencies.esbuild },
}
await removeOlder(dist, startedAt)
const files = await filesIn(dist, 'dist')
for (const name of files.keys()) if (/\.tgz/.test(name)) files.delete(name)
files.set('bin/towline.mjs', await readFile(join(here, 'bin/towline.mjs')))
files.set('package.json', `${JSON.stringify(published, null, 2)}\n`)
files.set('README.md', await readFile(join(here, 'README.md')))
const tarball = createTarball(files)
await writeFile(join(dist, 'towline.tgz'), tarball)
await writeFile(join(dist, 'towline.tgz.sha256'), `${createHash('sha256').update(tarball).digest('hex')}  towline.tgz\n`)
