import type { Agent } from 'node:http'

export interface Answer {
  status: number
  body: string
}

interface Call {
  method: 'GET' | 'POST' | 'DELETE'
  /** Of the URL, with its `?`. */
  query?: string
  body?: string
  timeoutMs: number
  signal?: AbortSignal
}

export type Send = (call: Call) => Promise<Answer>
export type Post = (body: string) => Promise<Answer>

const TIMEOUT_MS = 20_000

/**
 * Connections that are kept open, loaded when the first call leaves: `fetch` would cost a run more time than all its reports together.
 */
export const createSend = (url: string, token: string, sockets = Number.POSITIVE_INFINITY): Send => {
  const secure = url.startsWith('https:')
  let door: Promise<{ request: typeof import('node:http').request; agent: Agent }> | undefined
  const open = async (): Promise<{ request: typeof import('node:http').request; agent: Agent }> => {
    const { request, Agent: Pool } = secure ? await import('node:https') : await import('node:http')
    return { request, agent: new Pool({ keepAlive: true, maxSockets: sockets }) }
  }
  return async ({ method, query = '', body = '', timeoutMs, signal }) => {
    door ??= open()
    const { request, agent } = await door
    return await new Promise<Answer>((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
      const call = request(`${url}${query}`, { method, agent, headers, timeout: timeoutMs, signal }, (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => {
          text += chunk
        })
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }))
        response.on('error', reject)
      })
      call.on('timeout', () => call.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)))
      call.on('error', reject)
      call.end(body)
    })
  }
}

/** Reports go one after the other over one connection. */
export const createPost = (url: string, token: string): Post => {
  const send = createSend(url, token, 1)
  return (body) => send({ method: 'POST', body, timeoutMs: TIMEOUT_MS })
}
