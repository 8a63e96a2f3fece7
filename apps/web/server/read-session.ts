import { decode } from 'next-auth/jwt'

/** next-auth's own names: with https the browser keeps the cookie to secure pages. */
const NAMES = ['__Secure-next-auth.session-token', 'next-auth.session-token']

/** Reads the session that next-auth sealed. A cookie that is forged, expired or from another secret is no session. */
export const createReadSession =
  (secret: string) =>
  async (cookieHeader: string): Promise<{ userId: string } | null> => {
    const token = sessionToken(cookieHeader)
    if (token === null) return null
    const payload = await decode({ token, secret }).catch(() => null)
    return typeof payload?.sub === 'string' ? { userId: payload.sub } : null
  }

/** Large tokens are cut into name.0, name.1, … */
const sessionToken = (cookieHeader: string): string | null => {
  const cookies = new Map<string, string>()
  for (const pair of cookieHeader.split(';')) {
    const at = pair.indexOf('=')
    if (at > 0) cookies.set(pair.slice(0, at).trim(), pair.slice(at + 1).trim())
  }
  for (const name of NAMES) {
    const whole = cookies.get(name)
    if (whole) return whole
    let joined = ''
    for (let part = 0; cookies.has(`${name}.${part}`); part++) joined += cookies.get(`${name}.${part}`)
    if (joined !== '') return joined
  }
  return null
}
