import { LIVE_TOPICS, type LiveChange, type LiveTopic } from '@towline/contract/views'
import type { Bus } from '@towline/db/bus'
import { statement } from '@towline/db/statement'
import type { EngineContext } from '../context.ts'
import { parseNotice } from './notice-workspace.ts'
import text from './sql/find-workspaces.sql'

type Listener = (change: LiveChange) => void
type Row = { workspace_id: string; topic: LiveTopic; run_id: string | null }

/** Notices are gathered for so long before their workspaces are looked up. */
const GATHER_MS = 100
/** More ids than this in one gathering: everybody looks at everything. */
const MAX_IDS = 2000

const EVERYTHING: LiveChange = { topics: [...LIVE_TOPICS] }
const find = statement('find-workspaces', text)

/**
 * Turns the bus's ids into "these lists of this workspace have changed". One per process, however many pages are open: ids are
 * looked up once for all of them. Idle while nobody listens.
 */
class LiveHub {
  readonly #ctx: EngineContext
  readonly #listeners = new Map<string, Set<Listener>>()
  #unsubscribe: (() => void)[] = []
  #timer: NodeJS.Timeout | undefined
  #gathered = emptyGathering()

  constructor(ctx: EngineContext) {
    this.#ctx = ctx
  }

  listen(workspaceId: string, listener: Listener): () => void {
    if (this.#listeners.size === 0) this.#start()
    const listeners = this.#listeners.get(workspaceId) ?? new Set()
    this.#listeners.set(workspaceId, listeners.add(listener))
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0) this.#listeners.delete(workspaceId)
      if (this.#listeners.size === 0) this.#stop()
    }
  }

  #start(): void {
    const { bus } = this.#ctx
    const everything = (): void => this.#resync()
    const add = (kind: 'run' | 'pool' | 'agent' | 'workspace') => (ids: readonly string[]) => {
      for (const id of ids) if (this.#gathered[kind].size <= MAX_IDS) this.#gathered[kind].add(id)
      this.#timer ??= setTimeout(() => this.#flush(), GATHER_MS)
    }
    this.#unsubscribe = (['run', 'pool', 'agent', 'workspace'] as const).map((topic) => bus.subscribe(topic, add(topic), everything))
  }

  #stop(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe()
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#gathered = emptyGathering()
  }

  #resync(): void {
    for (const listeners of this.#listeners.values()) for (const listener of listeners) listener(EVERYTHING)
  }

  #flush(): void {
    const gathered = this.#gathered
    this.#gathered = emptyGathering()
    this.#timer = undefined
    this.#dispatch(gathered).catch((error: unknown) => {
      this.#ctx.log.warn({ err: error }, 'Live changes could not be looked up')
      this.#resync()
    })
  }

  async #dispatch({ run, pool, agent, workspace }: Gathering): Promise<void> {
    if ([run, pool, agent].some((ids) => ids.size > MAX_IDS)) return this.#resync()
    for (const notice of workspace) {
      const { workspaceId, topic } = parseNotice(notice)
      const known = LIVE_TOPICS.find((name) => name === topic)
      if (known !== undefined) this.#tell(workspaceId, { topics: [known] })
    }
    if (run.size + pool.size + agent.size === 0) return
    const values = [[...this.#listeners.keys()], [...run], [...pool], [...agent]]
    const { rows } = await this.#ctx.db.enginePool.query<Row>({ ...find, values })
    const changes = new Map<string, { topics: Set<LiveTopic>; runIds: string[] }>()
    for (const row of rows) {
      const change = changes.get(row.workspace_id) ?? { topics: new Set(), runIds: [] }
      changes.set(row.workspace_id, change)
      change.topics.add(row.topic)
      if (row.run_id !== null) change.runIds.push(row.run_id)
    }
    for (const [workspaceId, { topics, runIds }] of changes) this.#tell(workspaceId, { topics: [...topics], runIds })
  }

  #tell(workspaceId: string, change: LiveChange): void {
    for (const listener of this.#listeners.get(workspaceId) ?? []) listener(change)
  }
}

type Gathering = { run: Set<string>; pool: Set<string>; agent: Set<string>; workspace: Set<string> }
const emptyGathering = (): Gathering => ({ run: new Set(), pool: new Set(), agent: new Set(), workspace: new Set() })

const hubs = new WeakMap<Bus, LiveHub>()

export const liveHub = (ctx: EngineContext): Pick<LiveHub, 'listen'> => {
  const hub = hubs.get(ctx.bus) ?? new LiveHub(ctx)
  hubs.set(ctx.bus, hub)
  return hub
}
