/** The part of EventSource that tRPC's client uses, over fetch: Node has none, and the browser's own sends no headers. */
export class FetchEventSource extends EventTarget {
  static readonly CONNECTING = 0
  static readonly OPEN = 1
  static readonly CLOSED = 2
  readonly CONNECTING = 0
  readonly OPEN = 1
  readonly CLOSED = 2
  readyState = 0
  readonly #stop = new AbortController()

  constructor(url: string | URL, init: { headers?: Record<string, string> } = {}) {
    super()
    this.#read(String(url), init.headers ?? {}).catch((error: unknown) => {
      if (this.#stop.signal.aborted) return
      this.readyState = 2
      this.dispatchEvent(Object.assign(new Event('error'), { message: error instanceof Error ? error.message : 'failed' }))
    })
  }

  close(): void {
    this.readyState = 2
    this.#stop.abort()
  }

  async #read(url: string, headers: Record<string, string>): Promise<void> {
    const response = await fetch(url, { headers: { ...headers, accept: 'text/event-stream' }, signal: this.#stop.signal })
    if (!response.ok || response.body === null) throw Object.assign(new Error(await response.text()), { code: response.status })
    this.readyState = 1
    this.dispatchEvent(new Event('open'))
    let text = ''
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      text += chunk
      for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
        this.#dispatch(text.slice(0, end))
        text = text.slice(end + 2)
      }
    }
  }

  #dispatch(block: string): void {
    const fields = new Map<string, string>()
    for (const line of block.split('\n')) {
      const at = line.indexOf(':')
      if (at > 0) fields.set(line.slice(0, at), line.slice(at + 1).trim())
    }
    const data = fields.get('data')
    if (data !== undefined)
      this.dispatchEvent(new MessageEvent(fields.get('event') ?? 'message', { data, lastEventId: fields.get('id') ?? '' }))
  }
}
