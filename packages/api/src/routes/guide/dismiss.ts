import type { GuideView } from '@towline/contract/views'
import { dismissGuide } from '@towline/engine/guide/dismiss-guide'
import { getGuide } from '@towline/engine/guide/get-guide'
import { workspaceProcedure } from '../../trpc.ts'

export const dismiss = workspaceProcedure('guide.dismiss').mutation(async ({ ctx }): Promise<GuideView> => {
  await dismissGuide(ctx.engine, { workspaceId: ctx.tenant.id })
  return getGuide(ctx.engine, { workspaceId: ctx.tenant.id })
})
