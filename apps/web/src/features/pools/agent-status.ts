import type { AgentView } from '@towline/contract/views'
import type { StateLook } from '../../ui/state/state-look.ts'

export const AGENT_LOOK: Record<AgentView['status'], StateLook> = {
  online: { word: 'Online', tone: 'green', glyph: 'check' },
  draining: { word: 'Draining', tone: 'amber', glyph: 'bars' },
  offline: { word: 'Offline', tone: 'grey', glyph: 'dashed' },
}

/** Clocks that differ by more than this are worth a word: times of the agent's lines are off by as much. */
export const NOTABLE_SKEW_MS = 2000
