import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger } from '@towline/service/logger'
import { afterAll, beforeAll, describe } from 'vitest'
import { buildTestImage, missingEngine, TEST_IMAGE } from '../../../../test/support/build-test-image.ts'
import { describeLauncher } from '../testing/conformance.ts'
import { DockerLauncher } from './docker-launcher.ts'

const missing = missingEngine()
if (missing !== null && process.env.CI === 'true') throw new Error(missing)

const dataDir = await mkdtemp(join(tmpdir(), 'towline-docker-'))
const log = createLogger('test', { level: 'silent' })
let bundles = 0

afterAll(() => rm(dataDir, { recursive: true, force: true }))

describe.skipIf(missing !== null)(missing === null ? 'with a Docker engine' : `SKIPPED: ${missing}`, () => {
  beforeAll(async () => {
    await buildTestImage()
  })

  describeLauncher('docker launcher', {
    createLauncher: (agentId) => new DockerLauncher({ agentId, dataDir, log }),
    variables: { image: TEST_IMAGE },
    writeBundle: async (source) => {
      bundles += 1
      const path = join(dataDir, `bundle-${bundles}.mjs`)
      await writeFile(path, source)
      return path
    },
  })
})
