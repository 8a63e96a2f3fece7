// Makes docker/dist/migrate.mjs, which an image carries to migrate the database before the servers start.
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const here = dirname(fileURLToPath(import.meta.url))

await build({
  entryPoints: [join(here, 'migrate.ts')],
  outfile: join(here, 'dist/migrate.mjs'),
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  loader: { '.sql': 'text' },
  banner: { js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url)' },
  external: ['@prisma/schema-engine-wasm', 'pg-native'],
  logLevel: 'warning',
})
