import { AppError } from '@towline/contract/app-error'
import { manifestSchema } from '@towline/contract/manifest'
import type { DeploymentDetail, VersionView } from '@towline/contract/views'
import { statement } from '@towline/db/statement'
import { tenantTransaction } from '@towline/db/transaction'
import type { EngineContext } from '../context.ts'
import { readDeployments } from './list-deployments.ts'
import versionsText from './sql/list-versions.sql'

type Input = { workspaceId: string; name: string }
type Row = { id: string; number: number; manifest_hash: string; created_at: Date; created_by: string; manifest: unknown }

const listVersions = statement('list-versions', versionsText)

export const deploymentNotFound = (name: string): AppError =>
  new AppError('not_found', `There is no deployment ${name} in this workspace. See what there is: towline deployments ls`)

export const getDeployment = (ctx: EngineContext, { workspaceId, name }: Input): Promise<DeploymentDetail> =>
  tenantTransaction(ctx.db, workspaceId, async (tx) => {
    const [summary] = await readDeployments(tx, { workspaceId, name, now: ctx.clock.now() })
    if (summary === undefined) throw deploymentNotFound(name)
    const { rows } = await tx.query<Row>({ ...listVersions, values: [workspaceId, summary.id] })
    const current = rows.find((row) => row.manifest !== null)
    return { ...summary, manifest: manifestSchema.parse(current?.manifest), versions: rows.map(versionView) }
  })

const versionView = (row: Row): VersionView => ({
  id: row.id,
  number: row.number,
  manifestHash: row.manifest_hash,
  createdAt: row.created_at,
  createdBy: row.created_by,
})
