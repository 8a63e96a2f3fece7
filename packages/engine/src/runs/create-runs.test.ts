import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRuns } from './create-runs.ts'
import { createWorld, type World } from './test-world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
  await world.deploy({
    name: 'report',
    tags: ['etl'],
    parameters: { day: 'monday' },
    parameterSchema: {
      type: 'object',
      properties: {
        day: { type: 'string', enum: ['monday', 'tuesday'] },
        count: { type: 'integer', minimum: 1, default: 3 },
        user: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
      },
      required: ['day'],
    },
  })
})
afterAll(() => world.close())

const create = (run: object) =>
  createRuns(world.ctx, { workspaceId: world.workspaceId, actor: 'ann', runs: [{ deployment: 'report', ...run }] })

describe('parameters', () => {
  it("take the deployment's and the schema's defaults", async () => {
    const [run] = await create({ tags: ['x', 'etl'] })
    const [row] = await world.query<object>('select parameters, tags, name, created_by, state_message from run where id = $1', [run?.id])
    expect(row).toEqual({
      parameters: { day: 'monday', count: 3 },
      tags: ['etl', 'x'],
      name: run?.name,
      created_by: 'ann',
      state_message: 'Created by ann',
    })
    expect(run?.name).toMatch(/^[a-z]+-[a-z]+-\d+$/)
  })

  it.each([
    [{ cuont: 1 }, 'unknown parameter "cuont"; known: count, day, user'],
    [{ count: 'many' }, 'parameter "count" must be integer, got "many"'],
    [{ count: 0 }, 'parameter "count" must be >= 1, got 0'],
    [{ day: 'sunday' }, 'parameter "day" must be one of "monday", "tuesday"'],
    [{ user: {} }, 'parameter "user.name" is required'],
    [{ count: 1.5, other: 1 }, 'unknown parameter "other"; known: count, day, user; parameter "count" must be integer, got 1.5'],
  ])('%j is refused with the name of what is wrong', async (parameters, message) => {
    await expect(create({ parameters })).rejects.toMatchObject({ code: 'invalid_parameters', message })
  })

  it('larger than 64 KiB are refused with their size', async () => {
    const runs = [{ deployment: 'nightly', parameters: { text: 'x'.repeat(70_000) } }]
    await expect(createRuns(world.ctx, { workspaceId: world.workspaceId, actor: 'ann', runs })).rejects.toMatchObject({
      code: 'payload_too_large',
      message: expect.stringContaining('The parameters have 70011 bytes; at most 65536'),
    })
  })

  it('may hold characters that PostgreSQL does not store', async () => {
    const [id = ''] = await world.create({ parameters: { text: 'a\0b\ud800c', 'k\0': [1] } })
    const [row] = await world.query<{ parameters: object }>('select parameters from run where id = $1', [id])
    expect(row?.parameters).toEqual({ text: 'a\uFFFDb\uFFFDc', 'k\uFFFD': [1] })
  })
})

describe('createRuns', () => {
  it('makes all or none', async () => {
    const before = await world.query('select id from run')
    const runs = [{ deployment: 'nightly' }, { deployment: 'report', parameters: { day: 1 } }]
    await expect(createRuns(world.ctx, { workspaceId: world.workspaceId, actor: 'ann', runs })).rejects.toMatchObject({
      code: 'invalid_parameters',
    })
    expect(await world.query('select id from run')).toHaveLength(before.length)
  })

  it('gives the same run for the same idempotency key, also within one call and at the same time', async () => {
    const keyed = { idempotencyKey: 'k1' }
    const [one, two] = await createRuns(world.ctx, {
      workspaceId: world.workspaceId,
      actor: 'ann',
      runs: [
        { deployment: 'nightly', ...keyed },
        { deployment: 'nightly', ...keyed },
      ],
    })
    expect(one).toMatchObject({ created: true })
    expect(two).toEqual({ id: one?.id, name: one?.name, created: false })
    const many = await Promise.all(Array.from({ length: 8 }, () => create({ idempotencyKey: 'k2' })))
    expect(new Set(many.flat().map((run) => run.id)).size).toBe(1)
    expect(many.flat().filter((run) => run.created).length).toBe(1)
  })

  it("another tenant's deployment is not found", async () => {
    const other = await world.addTenant('initech')
    const attempt = createRuns(world.ctx, { workspaceId: other.workspaceId, actor: 'eve', runs: [{ deployment: 'nightly' }] })
    await expect(attempt).rejects.toMatchObject({ code: 'not_found', message: 'There is no deployment "nightly" in this workspace.' })
  })

  it('refuses a time that is none', async () => {
    await expect(create({ at: new Date('never') })).rejects.toMatchObject({ code: 'invalid_input' })
  })

  it('makes a thousand runs with their events in one statement', async () => {
    const made = await world.create(...Array.from({ length: 1000 }, () => ({})))
    const [row] = await world.query<{ runs: number; events: number }>(
      `select count(*)::int as runs, (select count(*)::int from run_event where run_id = any($1)) as events from run where id = any($1)`,
      [made],
    )
    expect(row).toEqual({ runs: 1000, events: 1000 })
    expect([...made].sort()).toEqual(made)
  })
})
