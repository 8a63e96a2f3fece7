import { createHash } from 'node:crypto'
import { AppError } from '@towline/contract/app-error'
import type { DeploymentLimit, LimitPlan } from '@towline/contract/limit-views'
import type { Manifest } from '@towline/contract/manifest'
import type { DeploymentSummary } from '@towline/contract/views'
import { statement } from '@towline/db/statement'
import { type Tx, tenantTransaction } from '@towline/db/transaction'
import { newId } from '@towline/service/new-id'
import { recordChange } from '../audit/record-change.ts'
import type { EngineContext } from '../context.ts'
import { setLimit } from '../limits/set-limit.ts'
import { checkVariables } from '../pools/check-variables.ts'
import { noticeWorkspace } from '../run-views/notice-workspace.ts'
import { canonicalJson } from './canonical-json.ts'
import { checkManifest } from './check-manifest.ts'
import { findTarget, type Target } from './find-target.ts'
import { readDeployments } from './list-deployments.ts'
import { planLimit } from './plan-limit.ts'
import setCurrentText from './sql/set-current-version.sql'
import upsertDeploymentText from './sql/upsert-deployment.sql'
import upsertFlowText from './sql/upsert-flow.sql'
import upsertVersionText from './sql/upsert-version.sql'

type Input = {
  workspaceId: string
  manifest: Manifest
  /** Left out: the limit stays as it was set. */
  limit?: DeploymentLimit | undefined
  dryRun: boolean
  actor: string
}
type Outcome = { deployment: DeploymentSummary; version: number; created: boolean; changed: boolean; limit: LimitPlan | null }

const upsertFlow = statement('upsert-flow', upsertFlowText)
const upsertDeployment = statement('upsert-deployment', upsertDeploymentText)
const upsertVersion = statement('upsert-version', upsertVersionText)
const setCurrent = statement('set-current-version', setCurrentText)

/** Carries the outcome of a dry run out of its transaction, which rolls back because it was thrown. */
class DryRun {
  readonly outcome: Outcome
  constructor(outcome: Outcome) {
    this.outcome = outcome
  }
}

/**
 * Makes the manifest the current version of its deployment. The same content is the same version, however often and by however
 * many clients at once it is registered: the row of the deployment is the lock. A dry run does all of it and rolls back. The limit is a
 * setting beside the version: it is checked with it, and set once the deployment is there.
 */
export const registerDeployment = async (ctx: EngineContext, input: Input): Promise<Outcome> => {
  checkManifest(input.manifest)
  try {
    const outcome = await tenantTransaction(ctx.db, input.workspaceId, async (tx) => {
      const outcome = await register(ctx, tx, input)
      if (input.dryRun) throw new DryRun(outcome)
      return outcome
    })
    if (outcome.changed) noticeWorkspace(ctx, input.workspaceId, 'deployments', 'guide')
    if (outcome.limit?.changed) {
      const { workspaceId, actor, manifest } = input
      await setLimit(ctx, { workspaceId, actor, ...input.limit, limit: { kind: 'deployment', deployment: manifest.name } })
    }
    return outcome
  } catch (thrown) {
    if (thrown instanceof DryRun) return thrown.outcome
    throw thrown
  }
}

const register = async (ctx: EngineContext, tx: Tx, input: Input): Promise<Outcome> => {
  const { workspaceId, manifest, actor } = input
  const now = ctx.clock.now()
  const target = await findTarget(tx, { workspaceId, manifest })
  checkCode(manifest, target, input.dryRun)
  const flow = await one<{ id: string }>(tx, upsertFlow, [newId(now), workspaceId, manifest.flow, now])
  const newDeploymentId = newId(now)
  const deployment = await one<{ id: string; current_version_id: string | null }>(tx, upsertDeployment, [
    newDeploymentId,
    workspaceId,
    flow.id,
    target.poolId,
    target.queueId,
    manifest.name,
    manifest.description,
    now,
  ])
  const text = canonicalJson(manifest)
  const hash = createHash('sha256').update(text).digest('hex')
  const version = await one<{ id: string; number: number }>(tx, upsertVersion, [
    newId(now),
    workspaceId,
    deployment.id,
    hash,
    text,
    now,
    actor,
  ])
  const changed = deployment.current_version_id !== version.id
  const [before = null] =
    changed && deployment.id !== newDeploymentId ? await readDeployments(tx, { workspaceId, name: manifest.name, now }) : []
  if (changed) {
    await tx.query({
      ...setCurrent,
      values: [workspaceId, deployment.id, flow.id, target.poolId, target.queueId, manifest.description, version.id, now],
    })
  }
  const limit = input.limit
    ? await planLimit(tx, { workspaceId, deployment: { id: deployment.id, name: manifest.name }, limit: input.limit })
    : null
  const [summary] = await readDeployments(tx, { workspaceId, name: manifest.name, now })
  if (summary === undefined) throw new Error('a deployment vanished inside its own transaction')
  const created = deployment.id === newDeploymentId
  if (changed) await recordVersion(ctx, tx, { workspaceId, manifest, deployment: summary, before, created })
  return { deployment: summary, version: version.number, created, changed, limit }
}

type Registered = {
  workspaceId: string
  manifest: Manifest
  deployment: DeploymentSummary
  before: DeploymentSummary | null
  created: boolean
}

const recordVersion = (ctx: EngineContext, tx: Tx, { workspaceId, manifest, deployment, before, created }: Registered): Promise<void> => {
  const { id, name, version } = deployment
  const facts = ({ version, poolName, queueName, codeKind }: DeploymentSummary) => ({
    version,
    pool: poolName,
    queue: queueName,
    code: codeKind,
  })
  const again = before !== null && version < before.version
  const text = created
    ? `registered the deployment ${name} on the work pool ${manifest.pool}`
    : again
      ? `made version ${version} of the deployment ${name} current again`
      : `registered version ${version} of the deployment ${name}`
  return recordChange(ctx, tx, {
    workspaceId,
    action: 'deployment.register',
    subject: { kind: 'deployment', id, name },
    text,
    before: before && facts(before),
    after: facts(deployment),
  })
}

const checkCode = (manifest: Manifest, target: Target, dryRun: boolean): void => {
  checkVariables(target.poolType, manifest.variables)
  if (manifest.code.kind === 'image' && target.poolType === 'process') {
    throw new AppError(
      'invalid_input',
      `${manifest.name} is an image and the pool ${manifest.pool} starts processes. Use a pool of type docker: towline pools create NAME --type docker`,
    )
  }
  // A dry run uploads nothing.
  if (manifest.code.kind === 'bundle' && !target.bundleExists && !dryRun) {
    throw new AppError(
      'conflict',
      `The code of ${manifest.name} (${manifest.code.sha256.slice(0, 12)}…) is not uploaded. Send it to PUT /api/bundles/${manifest.code.sha256} first.`,
    )
  }
}

const one = async <R extends object>(tx: Tx, query: { name: string; text: string }, values: unknown[]): Promise<R> => {
  const { rows } = await tx.query<R>({ ...query, values })
  const row = rows[0]
  if (row === undefined) throw new Error(`${query.name} gave no row`)
  return row
}
