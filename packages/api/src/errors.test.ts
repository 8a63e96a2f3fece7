import { AppError } from '@towline/contract/app-error'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { describeError } from './errors.ts'
import { refusalOf, startTestApi, type TestApi } from './testing/test-api.ts'

describe('describeError', () => {
  it('shows the text of our own errors, however deep they are wrapped', () => {
    const wrapped = new Error('outer', { cause: new AppError('conflict', 'Cancel it first.') })
    expect(describeError(wrapped, 'req_1')).toEqual({ code: 'conflict', message: 'Cancel it first.', id: 'req_1' })
  })

  it('tells a database that is away from everything else, so that callers may repeat the call', () => {
    const away = Object.assign(new Error('connect ECONNREFUSED 10.0.0.7:5432'), { code: 'ECONNREFUSED' })
    expect(describeError(away, 'req_1')).toMatchObject({ code: 'unavailable', message: expect.not.stringContaining('10.0.0.7') })
  })

  it('hides whatever nobody expected behind the id', () => {
    const shown = describeError(new Error('column "password_hash" does not exist'), 'req_1')
    expect(shown).toEqual({
      code: 'internal',
      message: 'The control plane could not do this. Quote req_1 when you ask about it.',
      id: 'req_1',
    })
  })
})

describe('an unexpected error', () => {
  let api: TestApi
  beforeAll(async () => {
    api = await startTestApi()
  })
  afterAll(() => api.close())

  it('is logged with the id that its caller is shown', async () => {
    const { as } = await api.tenant('broken')
    const logged = vi.spyOn(api.engine.log, 'error')
    await dropColumn(api)
    const refusal = await refusalOf(as.pools.list.query())
    expect(refusal).toMatchObject({ code: 'internal', httpStatus: 500, message: expect.stringContaining(refusal.id) })
    expect(logged).toHaveBeenCalledWith(
      expect.objectContaining({ id: refusal.id, procedure: 'pools.list', err: expect.any(Error) }),
      expect.any(String),
    )
  })
})

/** As the owner of the tables: a server whose schema is not the one that the code expects. */
const dropColumn = async (api: TestApi): Promise<void> => {
  const client = await api.engine.db.enginePool.connect()
  try {
    await client.query('reset role; set role none; alter table agent drop column capacity cascade; set role towline_engine')
  } finally {
    client.release(true)
  }
}
