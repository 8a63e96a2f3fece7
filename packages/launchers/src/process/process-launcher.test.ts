import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger } from '@towline/service/logger'
import { afterAll } from 'vitest'
import { describeLauncher } from '../testing/conformance.ts'
import { ProcessLauncher } from './process-launcher.ts'

const dataDir = await mkdtemp(join(tmpdir(), 'towline-process-'))
const log = createLogger('test', { level: 'silent' })
let bundles = 0

afterAll(() => rm(dataDir, { recursive: true, force: true }))

describeLauncher('process launcher', {
  createLauncher: (agentId) => new ProcessLauncher({ agentId, dataDir, log }),
  variables: {},
  writeBundle: async (source) => {
    bundles += 1
    const path = join(dataDir, `bundle-${bundles}.mjs`)
    await writeFile(path, source)
    return path
  },
})
