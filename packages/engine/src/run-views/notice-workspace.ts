import type { LiveTopic } from '@towline/contract/views'
import type { EngineContext } from '../context.ts'

/** Tells open pages of a workspace that lists have changed which no run, pool or agent id names. Sent after the commit. */
export const noticeWorkspace = (ctx: EngineContext, workspaceId: string, ...topics: LiveTopic[]): void => {
  ctx.bus.publish(
    'workspace',
    topics.map((topic) => `${workspaceId}/${topic}`),
  )
}

export const parseNotice = (notice: string): { workspaceId: string; topic: string } => {
  const [workspaceId = '', topic = ''] = notice.split('/')
  return { workspaceId, topic }
}
