import type { TagSuggestion } from '@towline/contract/limit-views'
import { workspaceProcedure } from '../../trpc.ts'
import { suggestTags } from './verbs.ts'

/** Tags that recent runs and task runs carried and that have no limit. */
export const suggestions = workspaceProcedure('limits.read').query(
  ({ ctx }): Promise<TagSuggestion[]> => suggestTags(ctx.engine, { workspaceId: ctx.tenant.id }),
)
