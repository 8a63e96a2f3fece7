import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'

export type HttpAnswer = { ok: boolean; status: number; contentType: string; json: () => Promise<unknown> }
type Call = { method?: string; headers?: Record<string, string>; body?: string; signal: AbortSignal }

/**
 * One call and its whole answer, by node:http. `fetch` costs a command more than the call does: it loads undici, web streams and a
 * WebAssembly parser, some 90 ms of CPU before anything is sent.
 */
export const callHttp = (url: string, { method = 'GET', headers = {}, body, signal }: Call): Promise<HttpAnswer> =>
  new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? requestHttps : requestHttp
    const length: Record<string, string> = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const request = send(url, { method, headers: { ...headers, ...length }, signal, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.once('error', fail)
      response.once('end', () => {
        const status = response.statusCode ?? 0
        resolve({
          ok: status >= 200 && status < 300,
          status,
          contentType: response.headers['content-type'] ?? '',
          json: async () => JSON.parse(Buffer.concat(chunks).toString('utf8')),
        })
      })
    })
    // An abort says what aborted it, as fetch does.
    const fail = (error: Error): void => reject(signal.aborted && signal.reason instanceof Error ? signal.reason : error)
    request.once('error', fail)
    request.end(body)
  })
