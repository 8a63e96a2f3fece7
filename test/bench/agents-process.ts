import { settingsOf, tell } from './child.ts'
import { ProtocolAgent } from './protocol-agent.ts'
import { monotonicMs } from './stats.ts'

export type AgentsSettings = { url: string; key: string; agents: number; capacity: number }

const { url, key, agents, capacity } = settingsOf<AgentsSettings>()
let total = 0
let told = 0

process.on('uncaughtException', (error) => {
  tell({ kind: 'failed', message: error.message })
  process.exitCode = 1
})

const connected = Array.from({ length: agents }, (_, index) =>
  ProtocolAgent.connect({
    url,
    key,
    name: `bench-${process.pid}-${index}`,
    capacity,
    onAssigned: (runs) => {
      const at = monotonicMs()
      if (capacity <= 16) tell({ kind: 'received', ids: runs.map(({ runId }) => runId), at })
    },
    onFinished: (count) => {
      total += count
    },
  }),
)
await Promise.all(connected)
setInterval(() => {
  if (total === told) return
  told = total
  tell({ kind: 'finished', total, at: monotonicMs() })
}, 5)
tell({ kind: 'ready' })
