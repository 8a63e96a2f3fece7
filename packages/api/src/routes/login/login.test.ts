import { afterAll, beforeAll, expect, it } from 'vitest'
import { codeOf, startTestApi, type TestApi } from '../../testing/test-api.ts'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.close())

const start = () => api.anybody.login.start.mutate({ clientName: 'towline on laptop' })

it('lets a CLI in as the person who approves its code, once', async () => {
  const { as, workspace, user } = await api.tenant('cli')
  const { deviceCode, userCode, verificationUrl } = await start()
  expect(verificationUrl).toBe(`https://towline.test/login/device?code=${userCode}`)
  expect(await api.anybody.login.poll.mutate({ deviceCode })).toEqual({ status: 'pending' })
  expect(await as.login.get.query({ userCode: userCode.toLowerCase().replace('-', ' ') })).toMatchObject({
    clientName: 'towline on laptop',
    status: 'pending',
  })
  await as.login.approve.mutate({ userCode, workspaceId: workspace.id })

  const polls = await Promise.all([1, 2, 3].map(() => api.anybody.login.poll.mutate({ deviceCode })))
  const approved = polls.filter((poll) => poll.status === 'approved')
  expect(approved).toHaveLength(1)
  expect(approved[0]?.workspace).toEqual({ id: workspace.id, slug: 'cli', name: 'cli' })
  const whoami = await api.client({ authorization: `Bearer ${approved[0]?.key}` }).auth.whoami.query()
  expect(whoami).toMatchObject({ user: { id: user.id }, key: { name: 'towline on laptop' }, workspace: { slug: 'cli' } })
})

it('tells the CLI that it was denied, and decides once only', async () => {
  const { as, workspace } = await api.tenant('deny')
  const { deviceCode, userCode } = await start()
  await as.login.deny.mutate({ userCode })
  expect(await api.anybody.login.poll.mutate({ deviceCode })).toEqual({ status: 'denied' })
  expect(await codeOf(as.login.approve.mutate({ userCode, workspaceId: workspace.id }))).toBe('conflict')
})

it('expires after ten minutes', async () => {
  const { as, workspace } = await api.tenant('late')
  const { deviceCode, userCode } = await start()
  api.clock.advance({ minutes: 11 })
  expect(await api.anybody.login.poll.mutate({ deviceCode })).toEqual({ status: 'expired' })
  expect(await codeOf(as.login.approve.mutate({ userCode, workspaceId: workspace.id }))).toBe('conflict')
})

it('refuses unknown codes, workspaces of others, keys as approvers and strangers', async () => {
  const { as, withKey, workspace } = await api.tenant('mine')
  const other = await api.tenant('theirs')
  const { userCode } = await start()
  expect(await codeOf(as.login.get.query({ userCode: 'ZZZZ-ZZZZ' }))).toBe('not_found')
  expect(await codeOf(as.login.approve.mutate({ userCode, workspaceId: other.workspace.id }))).toBe('not_found')
  expect(await codeOf(withKey.login.approve.mutate({ userCode, workspaceId: workspace.id }))).toBe('forbidden')
  expect(await codeOf(api.anybody.login.approve.mutate({ userCode, workspaceId: workspace.id }))).toBe('unauthenticated')
  expect(await api.anybody.login.poll.mutate({ deviceCode: 'guess' })).toEqual({ status: 'expired' })
})

it('gives no key when the person has left the workspace before the CLI came back', async () => {
  const { workspace } = await api.tenant('left')
  const guest = await api.member(workspace.id, 'left', 'operator')
  const { deviceCode, userCode } = await start()
  await guest.as.login.approve.mutate({ userCode, workspaceId: workspace.id })
  await api.engine.db.enginePool.query('delete from membership where user_id = $1', [guest.id])
  expect(await api.anybody.login.poll.mutate({ deviceCode })).toEqual({ status: 'denied' })
})
