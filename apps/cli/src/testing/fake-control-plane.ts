import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { richJson } from '@towline/contract/rich-json'

export class Refused extends Error {
  readonly code: string
  readonly status: number
  constructor(code: string, message: string, status: number) {
    super(message)
    this.code = code
    this.status = status
  }
}

type Procedure = (input: never) => unknown
/** One connection of a subscription: what it sends, and whether it then breaks, ends or stays open. */
export interface Script {
  send: unknown[]
  after: 'break' | 'end' | 'stay'
}

const readBody = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** An HTTP server that speaks the wire of the control plane, with the answers that a test gives it. */
export class FakeControlPlane {
  readonly procedures: Record<string, Procedure> = {}
  readonly calls: { path: string; input: unknown; key: string | undefined }[] = []
  readonly bundles = new Map<string, Buffer>()
  readonly files: Record<string, string> = {}
  watch: (input: never, connection: number) => Script = () => ({ send: [], after: 'end' })
  readonly #server: Server = createServer((request, response) => void this.#serve(request, response))
  #connections = 0

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async start(): Promise<this> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done))
    return this
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise<void>((done) => this.#server.close(() => done()))
  }

  inputsOf(path: string): unknown[] {
    return this.calls.filter((call) => call.path === path).map(({ input }) => input)
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://fake')
    const body = await readBody(request)
    const key = request.headers.authorization
    if (pathname.startsWith('/api/bundles/')) {
      this.bundles.set(pathname.slice('/api/bundles/'.length), body)
      response.writeHead(201, { 'content-type': 'application/json' }).end('{}')
      return
    }
    if (!pathname.startsWith('/api/trpc/')) {
      const file = this.files[pathname]
      response.writeHead(file === undefined ? 404 : 200).end(file ?? 'not here')
      return
    }
    const path = pathname.slice('/api/trpc/'.length)
    const text = request.method === 'GET' ? searchParams.get('input') : body.toString()
    const input: unknown = text ? richJson.deserialize(JSON.parse(text)) : undefined
    this.calls.push({ path, input, key })
    if (path === 'runs.watch') this.#stream(response, input)
    else await this.#answer(response, path, input)
  }

  #stream(response: ServerResponse, input: unknown): void {
    const { send, after } = this.watch(input as never, ++this.#connections)
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('event: connected\ndata: {}\n\n')
    for (const change of send) response.write(`data: ${JSON.stringify(richJson.serialize(change))}\n\n\n`)
    if (after === 'break') setImmediate(() => response.destroy())
    if (after === 'end') response.end('event: return\ndata: \n\n')
  }

  async #answer(response: ServerResponse, path: string, input: unknown): Promise<void> {
    const reply = (status: number, value: unknown): void =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
    try {
      const procedure = this.procedures[path]
      if (!procedure) throw new Refused('not_found', `no procedure ${path}`, 404)
      reply(200, { result: { data: richJson.serialize(await procedure(input as never)) } })
    } catch (error) {
      const { code, message, status } = error instanceof Refused ? error : new Refused('internal', String(error), 500)
      const data = { code: 'X', httpStatus: status, path, towline: { code, message, id: 'req_1' } }
      reply(status, { error: richJson.serialize({ message, code: -32_600, data }) })
    }
  }
}
