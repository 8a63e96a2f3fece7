import { settingsOf, tell } from './child.ts'
import { ProtocolAgent } from './protocol-agent.ts'
import { monotonicMs } from './stats.ts'

export type AgentsSettings = {
  url: string
  key: string
  agents: number
  capacity: number /** How many connect at the same time; all, when it is not given. */
  atOnce?: number
}

const { url, key, agents, capacity, atOnce = agents } = settingsOf<AgentsSettings>()
let total = 0
let told = 0

process.on('uncaughtException', (error) => {
  tell({ kind: 'failed', message: error.message })
  process.exitCode = 1
})

const connect = (index: number): Promise<ProtocolAgent> =>
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
  })

let next = 0
const connectOneByOne = async (): Promise<void> => {
  while (next < agents) await connect(next++)
}
await Promise.all(Array.from({ length: Math.min(atOnce, agents) }, connectOneByOne))
setInterval(() => {
  if (total === told) return
  told = total
  tell({ kind: 'finished', total, at: monotonicMs() })
}, 5)
tell({ kind: 'ready' })
