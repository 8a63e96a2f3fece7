import { LIVE_TOPICS, type LiveChange, type LiveTopic } from '@towline/contract/views'
import type { EngineContext } from '../context.ts'
import { liveHub } from './live-hub.ts'
import { createWake, pause } from './wake.ts'

type Input = { workspaceId: string; signal: AbortSignal }

/** Two changes are at least this far apart: whoever reads them asks for lists. */
const STEP_MS = 250
/** How soon a lost notice is made good. */
const POLL_MS = 30_000
const MAX_RUN_IDS = 200

/** Which lists of a workspace are out of date. It begins with all of them, so that nothing falls between a page's first reading and the stream. */
export async function* liveChanges(ctx: EngineContext, { workspaceId, signal }: Input): AsyncGenerator<LiveChange, void> {
  const wake = createWake(signal)
  let topics = new Set<LiveTopic>(LIVE_TOPICS)
  let runIds = new Set<string>()
  const stop = liveHub(ctx).listen(workspaceId, (change) => {
    for (const topic of change.topics) topics.add(topic)
    for (const id of change.runIds ?? []) runIds.add(id)
    // A finished run may tick off a step of the guide.
    if (change.topics.includes('runs')) topics.add('guide')
    wake.ring()
  })
  try {
    while (!signal.aborted) {
      if (topics.size > 0) {
        const change: LiveChange = { topics: [...topics], ...(runIds.size > 0 && runIds.size <= MAX_RUN_IDS && { runIds: [...runIds] }) }
        topics = new Set()
        runIds = new Set()
        yield change
        await pause(STEP_MS, signal)
      }
      const sleptAt = performance.now()
      await wake.sleep(POLL_MS)
      if (performance.now() - sleptAt >= POLL_MS) topics = new Set(LIVE_TOPICS)
    }
  } finally {
    stop()
    wake.close()
  }
}
