import type { TagSuggestion } from '@towline/contract/limit-views'
import { suggestTags } from '@towline/engine/limits/suggest-tags'
import { workspaceProcedure } from '../../trpc.ts'

/** Tags that recent runs and task runs carried and that have no limit. */
export const suggestions = workspaceProcedure('limits.read').query(
  ({ ctx }): Promise<TagSuggestion[]> => suggestTags(ctx.engine, { workspaceId: ctx.tenant.id }),
)
