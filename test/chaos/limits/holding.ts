import { setTimeout as sleep } from 'node:timers/promises'
import type { RunStatus } from '@towline/contract/frames'
import { RUN_API, type SlotsResponse } from '@towline/contract/run-api'
import type { RunSpec } from '@towline/contract/run-spec'
import { writeMark } from './marks.ts'
import type { Random } from './random.ts'
import type { RunPlan, TaskPlan } from './workload.ts'

type Options = { spec: RunSpec; token: string; marks: string; gateways: string[]; random: Random }
type Report = (status: RunStatus) => void

/** Gateways are away for seconds; a call that fails so often is refused for good. */
const MOST_TRIES = 200
/** Calls for slots are held open for 3 seconds. */
const PATIENCE_MS = 15_000

const exited = (exitCode: number | null, cause: 'self' | 'cancel'): RunStatus => ({
  kind: 'exited',
  exit: { exitCode, signal: exitCode === null ? 'SIGTERM' : null, outOfMemory: false },
  cause,
})

/** One attempt that an agent executes. Its marks lie inside the time in which it may hold its slots, never outside. */
export class Holding {
  readonly runId: string
  readonly attempt: number
  readonly receivedAt = performance.now()
  leaseFrom = performance.now()
  phase: 'assigned' | 'running' | 'ended' = 'assigned'
  readonly #options: Options
  readonly #plan: RunPlan
  readonly #stop = new AbortController()
  /** Who has a start mark and no end mark: '' is the run. */
  readonly #open = new Set<string>()
  #items = 0
  #reported: Promise<unknown> = Promise.resolve()

  constructor(options: Options) {
    this.#options = options
    this.runId = options.spec.runId
    this.attempt = options.spec.attempt
    this.#plan = options.spec.parameters as RunPlan
  }

  async execute(report: Report): Promise<void> {
    this.phase = 'running'
    this.#start(null)
    report({ kind: 'started', infrastructure: { type: 'process', pid: process.pid } })
    try {
      await Promise.all(this.#plan.tasks.map((task) => this.#task(task)))
      await sleep(this.#plan.ms, undefined, { signal: this.#stop.signal })
      await this.#reported
    } catch (error) {
      if (!this.#stop.signal.aborted) throw error
    }
    if (!this.#open.has('')) return
    this.close(this.#plan.end === 'ok' ? 'completed' : 'failed')
    report(exited(this.#plan.end === 'ok' ? 0 : 1, 'self'))
  }

  cancel(report: Report): void {
    if (this.phase === 'ended') return
    this.close('cancelled')
    report(exited(null, 'cancel'))
  }

  /** Whatever is open ends here and now. */
  close(why: string): void {
    this.phase = 'ended'
    this.#stop.abort()
    for (const task of [...this.#open].sort().reverse()) this.#end(task === '' ? null : task, why)
  }

  async #task(task: TaskPlan): Promise<void> {
    const answer = await this.#call<SlotsResponse>('POST', RUN_API.slots, { key: task.key, slots: task.slots, waitSeconds: 3 })
    if (!answer.granted) return await this.#task(task)
    if (this.#stop.signal.aborted) return
    this.#start(task)
    await sleep(task.ms, undefined, { signal: this.#stop.signal })
    this.#end(task.key, 'completed')
    if (task.free === 'delete') await this.#call('DELETE', RUN_API.slots, { key: task.key })
    if (task.free === 'report') this.#reported = this.#reported.then(() => this.#reportTask(task.key))
    await this.#reported
  }

  #reportTask(key: string): Promise<unknown> {
    this.#items += 1
    const item = { kind: 'task', seq: this.#items, at: Date.now(), key, name: 'step', state: 'COMPLETED', try: 1 }
    return this.#call('POST', RUN_API.report, { items: [item] })
  }

  /** At whichever gateway lives. Whoever is told that the attempt is over waits for the agent to say so too. */
  async #call<T>(method: string, path: string, body: object): Promise<T> {
    const { signal } = this.#stop
    for (let tries = 1; ; tries += 1) {
      signal.throwIfAborted()
      const gateway = this.#options.random.pick(this.#options.gateways)
      const headers = { authorization: `Bearer ${this.#options.token}`, 'content-type': 'application/json' }
      const patience = new AbortController()
      const giveUp = (): void => patience.abort(signal.reason)
      const timer = setTimeout(() => patience.abort(new Error(`Timeout: no answer for ${PATIENCE_MS} ms`)), PATIENCE_MS)
      signal.addEventListener('abort', giveUp)
      const response = await fetch(`${gateway}${path}`, { method, headers, body: JSON.stringify(body), signal: patience.signal })
        .catch((error: Error) => error)
        .finally(() => {
          clearTimeout(timer)
          signal.removeEventListener('abort', giveUp)
        })
      if (response instanceof Response && response.ok) {
        const answer = await response.json().catch(() => null)
        if (answer !== null) return answer as T
      } else {
        const why = response instanceof Response ? `${response.status} ${await response.text().catch(() => '')}` : response.message
        if (/^4(?!09)|^Timeout/.test(why) || tries === MOST_TRIES)
          this.#refused(`${method} ${path} of ${this.runId}/${this.attempt} at ${gateway}: ${why}`)
      }
      await sleep(this.#options.random.int(20, 100), undefined, { signal })
    }
  }

  #refused(text: string): void {
    writeMark(this.#options.marks, { mark: 'refusal', text })
  }

  #start(task: TaskPlan | null): void {
    const { marks, spec } = this.#options
    this.#open.add(task?.key ?? '')
    const { runId: run, attempt, deployment, tags } = spec
    writeMark(marks, { mark: 'start', run, attempt, task: task?.key ?? null, deployment, tags, slots: task?.slots ?? null })
  }

  #end(task: string | null, why: string): void {
    if (!this.#open.delete(task ?? '')) return
    writeMark(this.#options.marks, { mark: 'end', run: this.runId, attempt: this.attempt, task, why })
  }
}
