import type { AuditEntry } from '@towline/contract/audit'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { FakeControlPlane, Refused } from './testing/fake-control-plane.ts'
import { buildCli, type Cli, type Ended } from './testing/run-cli.ts'

let cli: Cli
let plane: FakeControlPlane

beforeAll(async () => {
  cli = await buildCli()
})
afterAll(() => cli.remove())
beforeEach(async () => {
  plane = await new FakeControlPlane().start()
  plane.procedures['audit.list'] = () => ({ items: [LOWERED, RELEASED], next: LOWERED.id })
})
afterEach(() => plane.close())

const towline = (...args: string[]): Promise<Ended> => cli.run(args, { env: { TOWLINE_API_URL: plane.url, TOWLINE_API_KEY: 'tlk_test' } })
const id = (n: number): string => `01990000-0000-7000-8000-00000000000${n}`

const LOWERED: AuditEntry = {
  id: id(1),
  at: new Date('2024-01-01T08:00:00.000Z'),
  actor: { kind: 'key', id: id(2), name: 'Ada (laptop)' },
  action: 'limit.change',
  subject: { kind: 'limit', id: id(3), name: 'tag:db' },
  text: 'changed the limit of the tag db: slots 3 → 2',
  before: { slots: 3 },
  after: { slots: 2 },
  reason: null,
}
const RELEASED: AuditEntry = {
  ...LOWERED,
  action: 'limit.release',
  text: 'took the slot of the tag db back from amber-otter, which is stopped for it',
  before: { holder: 'amber-otter' },
  after: null,
  reason: 'hangs since noon',
}

test('audit ls says when, who and what, with the reason, and how to go on', async () => {
  const { code, stdout, stderr } = await towline('audit', 'ls')
  expect(code).toBe(0)
  expect(stdout).toMatch(/WHEN +WHO +ACTION +WHAT/)
  expect(stdout).toMatch(/Ada \(laptop\) +limit\.change +changed the limit of the tag db: slots 3 → 2/)
  expect(stdout).toMatch(/limit\.release .*stopped for it \(hangs since noon\)/)
  expect(stderr).toContain(`towline audit ls --cursor ${LOWERED.id}`)
})

test('audit ls -o json is the page of the API, dates as ISO 8601', async () => {
  const { stdout } = await towline('audit', 'ls', '-o', 'json')
  expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify({ items: [LOWERED, RELEASED], next: LOWERED.id })))
})

test('audit ls filters by actor, action and subject', async () => {
  const { stderr } = await towline(
    'audit',
    'ls',
    '--actor',
    'Ada (laptop)',
    '--action',
    'limit',
    '--subject',
    'tag:db',
    '-n',
    '5',
    '--cursor',
    id(7),
  )
  expect(stderr).toContain(`more: towline audit ls --actor 'Ada (laptop)' --action limit --subject tag:db --cursor ${LOWERED.id}`)
  expect(plane.inputsOf('audit.list')).toEqual([
    { filter: { actor: 'Ada (laptop)', action: 'limit', subject: 'tag:db' }, limit: 5, cursor: id(7) },
  ])
})

test('a filter that cannot be is a usage error, a missing right a refused act, and an empty page no error', async () => {
  expect(await towline('audit', 'ls', '--action', 'Limit Change')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--action: an action is a noun, or noun.verb'),
  })
  expect(plane.inputsOf('audit.list')).toEqual([])
  plane.procedures['audit.list'] = () => ({ items: [], next: null })
  expect(await towline('audit', 'ls')).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('nobody has changed') })
  plane.procedures['audit.list'] = () => {
    throw new Refused('forbidden', 'Your role in home is operator; this needs admin.', 403)
  }
  expect(await towline('audit', 'ls')).toMatchObject({ code: 1, stderr: expect.stringContaining('this needs admin') })
})
