import { HolderAgent, type HolderSettings } from './holder-agent.ts'

// Whoever started it is gone: nobody would end it.
process.on('disconnect', () => process.exit(0))
new HolderAgent(JSON.parse(process.argv[2] ?? '{}') as HolderSettings)
