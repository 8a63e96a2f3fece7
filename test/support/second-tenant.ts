import { type Api, connectApi } from './api.ts'

/** A session cookie for the API, as the browser gets one: the sign-in form's own two requests. */
const signIn = async (url: string, email: string, password: string): Promise<string> => {
  const cookies = new Map<string, string>()
  const keep = (response: Response): void => {
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
    }
  }
  const header = (): string => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const csrf = await fetch(`${url}/api/auth/csrf`)
  keep(csrf)
  const { csrfToken } = (await csrf.json()) as { csrfToken: string }
  const body = new URLSearchParams({ csrfToken, email, password, json: 'true' })
  keep(await fetch(`${url}/api/auth/callback/credentials`, { method: 'POST', body, headers: { cookie: header() }, redirect: 'manual' }))
  return header()
}

export type Tenant = { email: string; password: string; slug: string; key: string; api: Api }

/** A person with a workspace and a key, made through the public doors alone. */
export const createTenant = async (url: string, who: string): Promise<Tenant> => {
  const email = `${who}@example.com`
  const password = 'correct horse battery'
  await connectApi({ url, key: '' }).auth.signUp.mutate({ email, password, name: who })
  const cookie = await signIn(url, email, password)
  const asPerson = connectApi({ url, headers: { cookie, 'x-towline-client': 'web' } })
  const { slug } = await asPerson.workspaces.create.mutate({ name: `${who} works`, slug: who })
  const inWorkspace = connectApi({ url, headers: { cookie, 'x-towline-client': 'web', 'x-towline-workspace': slug } })
  const { secret } = await inWorkspace.keys.create.mutate({ kind: 'user', name: 'test' })
  return { email, password, slug, key: secret, api: connectApi({ url, key: secret }) }
}
