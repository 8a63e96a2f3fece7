import { type SlotsResponse, slotsReleaseSchema, slotsRequestSchema } from '@towline/contract/run-api'

interface Waiter {
  key: string
  slots: Record<string, number>
}

/** Limits of tags as the control plane keeps them: all slots or none, in line by arrival, the place kept between calls. */
export class FakeSlots {
  /** Tag -> slots. */
  readonly limits = new Map<string, number>()
  readonly held = new Map<string, Record<string, number>>()
  /** Everything that came in: `ask key`, `free key`. */
  readonly calls: string[] = []
  /** Most slots of a tag that were ever held at once. */
  readonly peak = new Map<string, number>()
  recheckSeconds = 60
  /** How long a call is held open, whatever it asks for. */
  holdMs = 100
  #line: Waiter[] = []
  #changed: (() => void)[] = []

  get waiting(): string[] {
    return this.#line.map(({ key }) => key)
  }

  async ask(body: unknown): Promise<SlotsResponse> {
    const { key, slots, waitSeconds } = slotsRequestSchema.parse(body)
    this.calls.push(`ask ${key}`)
    const limited = Object.keys(slots).filter((tag) => this.limits.has(tag))
    const granted: SlotsResponse = { granted: true, limited, recheckSeconds: this.recheckSeconds }
    if (limited.length === 0 || this.held.has(key)) return granted
    if (!this.waiting.includes(key)) this.#line.push({ key, slots })
    this.#grant()
    const deadline = Date.now() + (waitSeconds === 0 ? 0 : this.holdMs)
    for (let left = deadline - Date.now(); !this.held.has(key) && left > 0; left = deadline - Date.now()) await this.#change(left)
    if (this.held.has(key)) return granted
    const full = limited.find((tag) => this.#used(tag) + (slots[tag] ?? 1) > (this.limits.get(tag) ?? 0)) ?? limited[0] ?? ''
    const hold = this.limits.get(full) === 0 ? 'paused' : 'full'
    return { granted: false, limit: { kind: 'tag', name: full }, hold, place: this.waiting.indexOf(key) + 1, stop: null }
  }

  free(body: unknown): void {
    const { key } = slotsReleaseSchema.parse(body)
    this.calls.push(`free ${key}`)
    this.end(key)
  }

  end(key: string): void {
    this.held.delete(key)
    this.#line = this.#line.filter((waiter) => waiter.key !== key)
    this.#grant()
  }

  set(tag: string, slots: number | null): void {
    if (slots === null) this.limits.delete(tag)
    else this.limits.set(tag, slots)
    this.#grant()
  }

  #used(tag: string): number {
    return [...this.held.values()].reduce((sum, slots) => sum + (slots[tag] ?? 0), 0)
  }

  #grant(): void {
    for (let first = this.#line[0]; first; first = this.#line[0]) {
      const { key, slots } = first
      if (Object.entries(slots).some(([tag, weight]) => this.#used(tag) + weight > (this.limits.get(tag) ?? Number.POSITIVE_INFINITY)))
        break
      this.#line.shift()
      this.held.set(key, slots)
      for (const tag of Object.keys(slots)) this.peak.set(tag, Math.max(this.peak.get(tag) ?? 0, this.#used(tag)))
    }
    for (const wake of this.#changed.splice(0)) wake()
  }

  async #change(withinMs: number): Promise<void> {
    await new Promise<void>((done) => {
      const timer = setTimeout(done, withinMs)
      this.#changed.push(() => {
        clearTimeout(timer)
        done()
      })
    })
  }
}
