import { tagsSchema } from '@towline/contract/ids'
import { jsonObjectSchema } from '@towline/contract/json'
import { jobVariablesSchema } from '@towline/contract/run-spec'
import type { RunSummary } from '@towline/contract/views'
import { getRunSummary } from '@towline/engine/run-views/get-run-summary'
import { createRuns } from '@towline/engine/runs/create-runs'
import { z } from 'zod'
import { workspaceProcedure } from '../../trpc.ts'

const moment = z.union([z.date(), z.iso.datetime({ offset: true }).transform((text) => new Date(text))])

const input = z.strictObject({
  deployment: z.string().min(1).max(200),
  parameters: jsonObjectSchema.optional(),
  variables: jobVariablesSchema.optional(),
  tags: tagsSchema.optional(),
  /** Not before this moment; at once when left out. */
  at: moment.optional(),
  name: z.string().trim().min(1).max(200).optional(),
  /** The same key for the same deployment gives the same run. */
  idempotencyKey: z.string().min(1).max(200).optional(),
  /** Larger goes first within a queue. */
  priority: z.int().min(-1000).max(1000).optional(),
})

export const create = workspaceProcedure('runs.create')
  .input(input)
  .mutation(async ({ ctx, input }): Promise<RunSummary> => {
    const workspaceId = ctx.tenant.id
    const [created] = await createRuns(ctx.engine, { workspaceId, actor: ctx.tenant.actor, runs: [input] })
    if (created === undefined) throw new Error('a run was asked for and none was made')
    return getRunSummary(ctx.engine, { workspaceId, runId: created.id })
  })
