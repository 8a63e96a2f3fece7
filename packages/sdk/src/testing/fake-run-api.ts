import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { LogLine } from '@towline/contract/frames'
import { type PastResult, type ReportItem, type ReportResponse, RUN_API, reportRequestSchema } from '@towline/contract/run-api'
import { FakeSlots } from './fake-slots.ts'

const OVER: readonly string[] = ['COMPLETED', 'FAILED', 'CANCELLED']

interface Stored {
  seq: number
}

/** Takes entries as the gateway does: contiguous, a repeat is the same entry, a gap is refused. */
const store = <T extends Stored>(stored: T[], entries: T[]): boolean => {
  for (const entry of entries) {
    if (entry.seq > stored.length + 1) return false
    if (entry.seq === stored.length + 1) stored.push(entry)
    else if (JSON.stringify(stored[entry.seq - 1]) !== JSON.stringify(entry))
      throw new Error(`entry ${entry.seq} came again with another content`)
  }
  return true
}

const readBody = async (request: IncomingMessage): Promise<string> => {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text
}

/** A real HTTP server that keeps the contract of the run API, and misbehaves on request. */
export class FakeRunApi {
  readonly items: ReportItem[] = []
  readonly logs: LogLine[] = []
  /** Items and lines of every request that arrived whole. */
  readonly requests: { items: number; logs: number; token: string | undefined; bytes: number }[] = []
  readonly problems: string[] = []
  readonly slots = new FakeSlots()
  /** Results of earlier attempts, handed out two at a time; null: an older control plane, which keeps none. */
  past: PastResult[] | null = []
  readonly pastQuestions: string[] = []
  /** An older control plane, which knows nothing of slots. */
  hasSlots = true
  stop: ReportResponse['stop'] = null
  /** Answers of this status instead of service, each once. */
  readonly failures: number[] = []
  #server: Server
  #held: (() => void)[] | null = null
  /** Store, then break the connection before the answer. */
  loseAnswers = 0
  #changed: (() => void)[] = []

  constructor() {
    this.#server = this.#create()
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async start(port = 0): Promise<this> {
    await new Promise<void>((done, fail) => this.#server.once('error', fail).listen(port, '127.0.0.1', done))
    return this
  }

  /** Nobody answers any more; `start(port)` brings it back with all that it knows. */
  async close(): Promise<number> {
    const { port } = this.#server.address() as AddressInfo
    this.#server.closeAllConnections()
    await new Promise<void>((done) => this.#server.close(() => done()))
    this.#server = this.#create()
    return port
  }

  /** Requests wait until the returned function is called. */
  hold(): () => void {
    this.#held = []
    return () => {
      const held = this.#held ?? []
      this.#held = null
      for (const release of held) release()
    }
  }

  async until(what: string, holds: () => boolean, timeoutMs = 10_000): Promise<void> {
    const deadline = Date.now() + timeoutMs
    while (!holds()) {
      const left = deadline - Date.now()
      if (left <= 0) throw new Error(`waited in vain for ${what}; items: ${JSON.stringify(this.items)}`)
      await new Promise<void>((done) => {
        const timer = setTimeout(done, left)
        this.#changed.push(() => {
          clearTimeout(timer)
          done()
        })
      })
    }
  }

  #create(): Server {
    return createServer((request, response) => {
      void this.#serve(request, response).catch((error: unknown) => {
        this.problems.push(String(error))
        response.writeHead(500).end()
      })
    })
  }

  async #serveSlots(request: IncomingMessage, response: ServerResponse, body: unknown): Promise<void> {
    if (request.method !== 'POST') this.slots.free(body)
    const asked = request.method === 'POST' ? this.slots.ask(body) : {}
    for (const wake of this.#changed.splice(0)) wake()
    const answer = await asked
    for (const wake of this.#changed.splice(0)) wake()
    if (!response.destroyed)
      response.writeHead(this.hasSlots ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  }

  #servePast(url: string, response: ServerResponse): void {
    this.pastQuestions.push(url)
    const from = Number(new URL(url, this.url).searchParams.get('cursor') ?? 0)
    const results = this.past?.slice(from, from + 2)
    const next = this.past && from + 2 < this.past.length ? String(from + 2) : null
    response.writeHead(this.past ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify({ results, next }))
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request)
    if (this.#held) await new Promise<void>((done) => this.#held?.push(done))
    const failure = this.failures.shift()
    if (failure !== undefined) {
      response
        .writeHead(failure, { 'content-type': 'application/json' })
        .end(JSON.stringify({ error: { code: 'x', message: `status ${failure}` } }))
      return
    }
    if (request.url === RUN_API.slots) {
      await this.#serveSlots(request, response, JSON.parse(body))
      return
    }
    if (request.url?.startsWith(RUN_API.results)) {
      this.#servePast(request.url, response)
      return
    }
    if (request.method !== 'POST' || request.url !== '/v1/run/report') {
      this.problems.push(`${request.method} ${request.url}`)
      response.writeHead(404).end()
      return
    }
    const { items, logs } = reportRequestSchema.parse(JSON.parse(body))
    this.requests.push({ items: items.length, logs: logs.length, token: request.headers.authorization, bytes: body.length })
    if (!store(this.items, items) || !store(this.logs, logs)) {
      this.problems.push(`a gap: items ${items[0]?.seq} after ${this.items.length}, lines ${logs[0]?.seq} after ${this.logs.length}`)
      response.writeHead(400).end()
      return
    }
    for (const item of items) if (item.kind === 'task' && OVER.includes(item.state)) this.slots.end(item.key)
    for (const wake of this.#changed.splice(0)) wake()
    if (this.loseAnswers > 0) {
      this.loseAnswers--
      request.socket.destroy()
      return
    }
    const answer: ReportResponse = { itemSeq: this.items.length, logSeq: this.logs.length, stop: this.stop }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  }
}
