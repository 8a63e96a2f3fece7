import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const root = fileURLToPath(new URL('..', import.meta.url))
const databaseSetup = `${root}packages/db/src/test-global-setup.ts`

/** The same as esbuild's text loader in the bundles: `import text from './sql/claim-runs.sql'`. */
const textFiles = {
  name: 'text-files',
  enforce: 'pre' as const,
  load(id: string) {
    const path = id.split('?')[0] ?? id
    return path.endsWith('.sql') ? `export default ${JSON.stringify(readFileSync(path, 'utf8'))}` : null
  },
}

export default defineConfig({
  root,
  plugins: [textFiles],
  // The dashboard's components compile as Next compiles them, without an import of React.
  oxc: { jsx: { runtime: 'automatic' } },
  test: {
    environment: 'node',
    include: ['packages/*/src/**/*.test.{ts,tsx}', 'apps/*/{src,server}/**/*.test.{ts,tsx}', 'test/support/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', '**/.next/**'],
    globalSetup: existsSync(databaseSetup) ? [databaseSetup] : [],
    pool: 'forks',
    maxWorkers: Number(process.env.TOWLINE_TEST_WORKERS ?? 2),
    testTimeout: 20_000,
    hookTimeout: 60_000,
    reporters: process.env.TOWLINE_TEST_REPORT
      ? [
          ['default', { summary: false }],
          ['json', { outputFile: process.env.TOWLINE_TEST_REPORT }],
        ]
      : ['default'],
  },
})
