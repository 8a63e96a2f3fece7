// Runs one TypeScript file of the repository, with .sql files as text: node .config/run-ts.mjs <file.ts> [arguments]
import { mkdir } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const entry = process.argv[2]
if (!entry) throw new Error('Usage: node .config/run-ts.mjs <file.ts> [arguments]')

// Beside the source's own node_modules, so that packages kept outside the bundle resolve as they do for the source.
const outdir = join(root, 'node_modules/.cache/run-ts')
await mkdir(outdir, { recursive: true })
const outfile = join(outdir, `${basename(entry, '.ts')}-${process.pid}.mjs`)
await build({
  entryPoints: [resolve(entry)],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  sourcemap: 'inline',
  loader: { '.sql': 'text' },
  plugins: [{ name: 'own-packages', setup: bundleOwnPackages }],
  // Files that look beside themselves find the repository, not the cache.
  define: { 'import.meta.dirname': JSON.stringify(dirname(resolve(entry))) },
})
process.argv.splice(1, 2, entry)
await import(pathToFileURL(outfile).href)

/** Packages of npm stay outside; ours are TypeScript, which Node cannot import by itself. */
function bundleOwnPackages(builder) {
  builder.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
    kind === 'entry-point' || path.startsWith('@towline/') ? undefined : { path, external: true },
  )
}
