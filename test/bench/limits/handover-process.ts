import type { AttemptRef } from '@towline/contract/frames'
import { settingsOf, tell } from '../child.ts'
import { ProtocolAgent } from '../protocol-agent.ts'
import { monotonicMs } from '../stats.ts'

export type HandoverSettings = { agents: { url: string; key: string; name: string }[]; slots: number; count: number; warmUp: number }

/** A holder keeps its slot for so long that nothing of the last hand-over is still under way. */
const HOLD_MS = 15

const { agents, slots, count, warmUp } = settingsOf<HandoverSettings>()
const sinceEnd: number[] = []
const sinceAck: number[] = []
let endedAt: number | null = null
let ackedAt: number | null = null
let assignedAt: number | null = null
let held = 0
let most = 0
let over = 0

process.on('uncaughtException', (error) => {
  tell({ kind: 'failed', message: error.message })
  process.exitCode = 1
})

/** The acknowledgement and the next assignment come in either order. */
const note = (): void => {
  if (endedAt === null || ackedAt === null || assignedAt === null) return
  over += 1
  if (over > warmUp) {
    sinceEnd.push(assignedAt - endedAt)
    sinceAck.push(assignedAt - ackedAt)
  }
  endedAt = ackedAt = assignedAt = null
  if (sinceEnd.length === count) tell({ kind: 'handed-over', sinceEnd, sinceAck, most })
}

const assigned = (runs: readonly AttemptRef[]): void => {
  held += runs.length
  most = Math.max(most, held)
  if (held > slots) throw new Error(`${held} runs hold ${slots} slot`)
  if (endedAt !== null) assignedAt = monotonicMs()
  note()
}

await Promise.all(
  agents.map((agent) =>
    ProtocolAgent.connect({
      ...agent,
      capacity: 4,
      holdMs: HOLD_MS,
      onAssigned: assigned,
      onExited: () => {
        held -= 1
        endedAt = monotonicMs()
      },
      onFinished: (ended) => {
        if (ended > 0) ackedAt = monotonicMs()
        note()
      },
    }),
  ),
)
tell({ kind: 'ready' })
