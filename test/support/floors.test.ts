import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
let house = ''
let report = ''

/** A house of wrong imports only: each file is one that the floors must refuse, or one that they must let through. */
const FILES: Record<string, string> = {
  'packages/contract/src/states.ts': 'export const states = 1',
  'packages/service/src/clock.ts': 'export const clock = 1',
  'packages/db/src/open-db.ts': 'export const open = 1',
  'packages/engine/src/claim.ts': "import { open } from '../../db/src/open-db.ts'\nexport const claim = open",
  'packages/api/src/router.ts': "import { claim } from '../../engine/src/claim.ts'\nexport type Router = typeof claim",
  'packages/api/src/sql.ts': "import { open } from '../../db/src/open-db.ts'\nexport const sql = open",
  'packages/core/src/reads-clock.ts': "import { clock } from '../../service/src/clock.ts'\nexport const core = clock",
  'packages/core/src/reads-file.ts': "import { readFileSync } from 'node:fs'\nexport const core = readFileSync",
  'packages/sdk/src/types-of-server.ts': "import type { Router } from '../../api/src/router.ts'\nexport type X = Router",
  'packages/launchers/src/fine.ts': "import { states } from '../../contract/src/states.ts'\nexport const fine = states",
  'apps/web/src/Page.tsx':
    "import { claim } from '../../../packages/engine/src/claim.ts'\nexport const Page = () => <p title={String(claim)} />",
  'packages/engine/src/helpers/vague.ts': 'export const vague = 1',
  'packages/engine/src/uses-vague.ts': "import { vague } from './helpers/vague.ts'\nexport const user = vague",
  'apps/agent/src/knows-engine.ts': "import { claim } from '../../../packages/engine/src/claim.ts'\nexport const agent = claim",
  'apps/gateway/src/knows-agent.ts': "import { agent } from '../../agent/src/knows-engine.ts'\nexport const gateway = agent",
  'packages/api/src/start.ts': 'export const start = 1',
  'apps/cli/src/runs-api.ts': "import { start } from '../../../packages/api/src/start.ts'\nexport const cli = start",
  'apps/cli/src/api-types.ts': "import type { Router } from '../../../packages/api/src/router.ts'\nexport type X = Router",
  'packages/db/src/round.ts': "import { about } from './about.ts'\nexport const round = about",
  'packages/db/src/about.ts': "import { round } from './round.ts'\nexport const about = round",
}

beforeAll(async () => {
  house = await mkdtemp(join(tmpdir(), 'towline-floors-'))
  for (const [file, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(house, file)), { recursive: true })
    await writeFile(join(house, file), text)
  }
  await writeFile(join(house, 'package.json'), '{"type":"module"}')
  await symlink(join(root, 'node_modules'), join(house, 'node_modules'))
  const args = [
    '--config',
    join(root, '.config/dependency-cruiser.cjs'),
    '--output-type',
    'err',
    'apps/*/src/**/*.{ts,tsx}',
    'packages/*/src/**/*.{ts,tsx}',
  ]
  report = await new Promise((resolve) => {
    execFile(join(root, 'node_modules/.bin/depcruise'), args, { cwd: house }, (_error, stdout) => resolve(stdout))
  })
})

const ESCAPE = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g')
const complaints = (file: string): string[] =>
  report
    .replace(ESCAPE, '')
    .split('\n')
    .filter((line) => line.includes(`${file} `) && line.includes('error'))

test.each([
  ['packages/core/src/reads-clock.ts', 'floor-of-packages/core'],
  ['packages/core/src/reads-file.ts', 'no-environment-below'],
  ['packages/api/src/sql.ts', 'floor-of-packages/api'],
  ['packages/sdk/src/types-of-server.ts', 'floor-of-packages/sdk'],
  ['packages/engine/src/uses-vague.ts', 'no-vague-rooms'],
  ['apps/agent/src/knows-engine.ts', 'floor-of-apps/agent'],
  ['apps/web/src/Page.tsx', 'floor-of-apps/web'],
  ['apps/gateway/src/knows-agent.ts', 'floor-of-apps/gateway'],
  ['apps/cli/src/runs-api.ts', 'types-for-apps/cli'],
])('%s breaks the rule %s', (file, rule) => {
  expect(complaints(file).join('\n')).toContain(rule)
})

test('a cycle is refused', () => {
  expect(report).toContain('no-cycles')
})

test.each(['packages/launchers/src/fine.ts', 'packages/engine/src/claim.ts', 'apps/cli/src/api-types.ts'])('%s is let through', (file) => {
  expect(complaints(file)).toEqual([])
})
