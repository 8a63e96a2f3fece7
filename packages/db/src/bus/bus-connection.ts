import { setTimeout as sleep } from 'node:timers/promises'
import { backoffMs } from '@towline/service/backoff'
import pg from 'pg'

const channel = 'towline'
/** A connection whose other end vanished without a word is noticed by this question. */
const pingMs = 15_000

type Options = {
  url: string
  applicationName: string
  onNotice(payload: string): void
  /** For the first time too: whoever subscribed before it listened may have missed notices. */
  onConnect(): void
  log: { warn(facts: object, text: string): void }
}

/**
 * The one connection that listens and notifies; because it is the same one, our own notices come back with our own process id and are
 * dropped. Modes: connecting -> up -> (broken -> connecting)… -> closed.
 */
export class BusConnection {
  private readonly options: Options
  private client: pg.Client | undefined
  private readonly closing = new AbortController()
  private readonly ended: Promise<void>
  private becomeReady: () => void = () => {}
  private readonly firstReady: Promise<void>

  constructor(options: Options) {
    this.options = options
    this.firstReady = new Promise((resolve) => {
      this.becomeReady = resolve
    })
    this.ended = this.run()
  }

  isUp(): boolean {
    return this.client !== undefined
  }

  ready(): Promise<void> {
    return this.firstReady
  }

  async notify(payloads: string[]): Promise<void> {
    await this.client?.query({
      name: 'notify',
      text: `SELECT pg_notify('${channel}', payload) FROM unnest($1::text[]) AS payload`,
      values: [payloads],
    })
  }

  async close(): Promise<void> {
    this.closing.abort()
    await this.ended
  }

  private async run(): Promise<void> {
    let failures = 0
    while (!this.closing.signal.aborted) {
      const client = new pg.Client({
        connectionString: this.options.url,
        application_name: this.options.applicationName,
        // A notice that a crash swallows is covered by the resync after it, so its commit need not wait for the disk.
        options: '-c synchronous_commit=off',
        keepAlive: true,
        connectionTimeoutMillis: 10_000,
        query_timeout: 10_000,
      })
      const broken = this.watch(client)
      try {
        await client.connect()
        await client.query(`LISTEN ${channel}`)
        failures = 0
        this.client = client
        this.becomeReady()
        this.options.onConnect()
        await broken
      } catch (error) {
        failures += 1
        if (failures === 1 && !this.closing.signal.aborted)
          this.options.log.warn({ err: error }, 'The notification connection failed; trying again')
      }
      this.client = undefined
      // Saying goodbye to a peer that vanished would wait for ever.
      await Promise.race([client.end().catch(() => undefined), sleep(1000, undefined, { ref: false })])
      if (!this.closing.signal.aborted)
        await sleep(backoffMs({ attempt: failures + 1, baseMs: 50, maxMs: 5000 }), undefined, this.closing).catch(() => undefined)
    }
  }

  /** Resolves when the connection is of no more use, or the bus is closed. */
  private watch(client: pg.Client): Promise<void> {
    return new Promise((resolve) => {
      const ping = setInterval(() => client.query('SELECT 1').catch(end), pingMs)
      ping.unref()
      const end = (): void => {
        clearInterval(ping)
        this.closing.signal.removeEventListener('abort', end)
        resolve()
      }
      client.on('error', end)
      client.on('end', end)
      client.on('notification', ({ processId, payload }) => {
        if (processId !== (client as unknown as { processID: number }).processID && payload) this.options.onNotice(payload)
      })
      this.closing.signal.addEventListener('abort', end)
    })
  }
}
