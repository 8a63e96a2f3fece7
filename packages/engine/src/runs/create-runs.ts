import { AppError } from '@towline/contract/app-error'
import { type JsonObject, MAX_VALUE_BYTES } from '@towline/contract/json'
import type { Manifest } from '@towline/contract/manifest'
import type { JobVariables } from '@towline/contract/run-spec'
import { runName } from '@towline/core/run/run-name'
import { statement } from '@towline/db/statement'
import { idDay } from '@towline/service/id-time'
import { newId } from '@towline/service/new-id'
import type { EngineContext } from '../context.ts'
import { storableJson, storableText } from './life/storable.ts'
import findKeyedRunsText from './sql/find-keyed-runs.sql'
import findTargetsText from './sql/find-targets.sql'
import insertRunsText from './sql/insert-runs.sql'
import { validateParameters } from './validate-parameters.ts'

const findTargets = statement('find-targets', findTargetsText)
const insertRuns = statement('insert-runs', insertRunsText)
const findKeyedRuns = statement('find-keyed-runs', findKeyedRunsText)

export type CreateRun = {
  deployment: string
  parameters?: JsonObject | undefined
  variables?: JobVariables | undefined
  tags?: readonly string[] | undefined
  /** Not before this moment; a moment that has passed means now. */
  at?: Date | undefined
  name?: string | undefined
  /** The same key for the same deployment is the same run. */
  idempotencyKey?: string | undefined
  /** Larger goes first within a queue. */
  priority?: number | undefined
}
export type CreateRunsInput = { workspaceId: string; actor: string; runs: readonly CreateRun[] }
/** `created` false: the run of that idempotency key exists already. */
export type CreatedRun = { id: string; name: string; created: boolean }

type Target = {
  name: string
  deployment_id: string
  pool_id: string
  queue_id: string
  paused: boolean
  version_id: string | null
  manifest: Manifest | null
}
type NewRun = {
  id: string
  target: Target & { version_id: string; manifest: Manifest }
  name: string
  dueAt: Date
  ready: boolean
  priority: number
  key: string | null
  parameters: string
  variables: string
  tags: string
}

/** Asks for runs of deployments, all or none of them. Answers are in the order of the input. */
export const createRuns = async (ctx: EngineContext, { workspaceId, actor, runs }: CreateRunsInput): Promise<CreatedRun[]> => {
  if (runs.length === 0) return []
  const now = ctx.clock.now()
  const targets = await readTargets(ctx, workspaceId, runs)
  const fresh = runs.map((run) => prepare(run, targets, now))
  const { rows } = await ctx.db.enginePool.query<{ id: string }>({ ...insertRuns, values: valuesOf(workspaceId, actor, now, fresh) })
  const made = new Set(rows.map((row) => row.id))
  wake(
    ctx,
    fresh.filter((run) => made.has(run.id)),
  )
  const existing = made.size < fresh.length ? await readExisting(ctx, workspaceId, fresh) : new Map<string, { id: string; name: string }>()
  return fresh.map((run) => {
    if (made.has(run.id)) return { id: run.id, name: run.name, created: true }
    const earlier = existing.get(keyOf(run.target.deployment_id, run.key ?? ''))
    if (!earlier) throw new AppError('conflict', `The run of the idempotency key "${run.key}" was deleted in this moment. Try again.`)
    return { ...earlier, created: false }
  })
}

const readTargets = async (ctx: EngineContext, workspaceId: string, runs: readonly CreateRun[]): Promise<Map<string, Target>> => {
  const names = [...new Set(runs.map((run) => run.deployment))]
  const { rows } = await ctx.db.enginePool.query<Target>({ ...findTargets, values: [workspaceId, names] })
  return new Map(rows.map((row) => [row.name, row]))
}

const prepare = (run: CreateRun, targets: ReadonlyMap<string, Target>, now: Date): NewRun => {
  const target = targets.get(run.deployment)
  if (!target) throw new AppError('not_found', `There is no deployment "${run.deployment}" in this workspace.`)
  const { version_id, manifest } = target
  if (version_id === null || manifest === null)
    throw new AppError('conflict', `The deployment "${run.deployment}" has no version yet. Deploy it first.`)
  if (run.at !== undefined && Number.isNaN(run.at.getTime())) throw new AppError('invalid_input', 'at: not a moment in time')
  const parameters = validateParameters(
    { versionId: version_id, schema: manifest.parameterSchema, defaults: manifest.parameters },
    run.parameters ?? {},
  )
  const dueAt = run.at && run.at > now ? run.at : now
  return {
    id: newId(now),
    target: { ...target, version_id, manifest },
    name: run.name === undefined ? runName(Math.random) : storableText(run.name),
    dueAt,
    ready: dueAt <= now && !target.paused,
    priority: run.priority ?? 0,
    key: run.idempotencyKey === undefined ? null : storableText(run.idempotencyKey),
    parameters: bounded('parameters', parameters),
    variables: bounded('variables', run.variables ?? {}),
    tags: storableJson([...new Set([...manifest.tags, ...(run.tags ?? [])])].sort()),
  }
}

const bounded = (what: string, value: JsonObject | JobVariables): string => {
  const text = storableJson(value)
  const bytes = Buffer.byteLength(text)
  if (bytes <= MAX_VALUE_BYTES) return text
  throw new AppError(
    'payload_too_large',
    `The ${what} have ${bytes} bytes; at most ${MAX_VALUE_BYTES} are kept. Store large values elsewhere and pass a reference.`,
  )
}

const valuesOf = (workspaceId: string, actor: string, now: Date, runs: readonly NewRun[]): unknown[] => [
  workspaceId,
  actor,
  `Created by ${actor}`,
  now,
  runs.map((run) => run.id),
  runs.map((run) => idDay(run.id)),
  runs.map((run) => run.target.deployment_id),
  runs.map((run) => run.target.version_id),
  runs.map((run) => run.target.pool_id),
  runs.map((run) => run.target.queue_id),
  runs.map((run) => run.name),
  runs.map((run) => run.ready),
  runs.map((run) => run.priority),
  runs.map((run) => run.dueAt.toISOString()),
  runs.map((run) => run.key),
  runs.map((run) => run.parameters),
  runs.map((run) => run.variables),
  runs.map((run) => run.tags),
  runs.map((run) => JSON.stringify(run.target.manifest.retries)),
  runs.map((run) => run.target.manifest.timeoutSeconds),
]

/** After the commit: agents with credit for what is ready, the scheduler's timer for what is not. */
const wake = (ctx: EngineContext, made: readonly NewRun[]): void => {
  const ready = made.filter((run) => run.ready).map((run) => run.target.pool_id)
  const later = made.filter((run) => !run.ready).map((run) => run.target.pool_id)
  ctx.bus.publish('pool', [...new Set(ready)])
  ctx.bus.publish('due', [...new Set(later)])
  ctx.bus.publish(
    'run',
    made.map((run) => run.id),
  )
}

const keyOf = (deploymentId: string, key: string): string => `${deploymentId}/${key}`

const readExisting = async (
  ctx: EngineContext,
  workspaceId: string,
  runs: readonly NewRun[],
): Promise<Map<string, { id: string; name: string }>> => {
  const keyed = runs.filter((run) => run.key !== null)
  const { rows } = await ctx.db.enginePool.query<{ id: string; name: string; deployment_id: string; idempotency_key: string }>({
    ...findKeyedRuns,
    values: [workspaceId, keyed.map((run) => run.target.deployment_id), keyed.map((run) => run.key)],
  })
  return new Map(rows.map((row) => [keyOf(row.deployment_id, row.idempotency_key), { id: row.id, name: row.name }]))
}
