import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** Tests that start the built processes and look at them from outside: one after the other, with patience. */
export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    environment: 'node',
    include: ['test/{e2e,chaos}/**/*.test.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 240_000,
    hookTimeout: 240_000,
    reporters: process.env.TOWLINE_TEST_REPORT
      ? [
          ['default', { summary: false }],
          ['json', { outputFile: process.env.TOWLINE_TEST_REPORT }],
        ]
      : ['default'],
  },
})
