import type { PoolSummary } from '@towline/contract/views'
import { StateGlyph } from '../../ui/state/StateGlyph.tsx'
import type { StateLook } from '../../ui/state/state-look.ts'

const lookOf = (pool: PoolSummary): StateLook => {
  if (pool.paused) return { word: 'Paused', tone: 'yellow', glyph: 'bars' }
  if (pool.agentsOnline > 0) return { word: 'Ready', tone: 'green', glyph: 'check' }
  return pool.agentsTotal > 0
    ? { word: 'No agent online', tone: 'red', glyph: 'broken' }
    : { word: 'No agent yet', tone: 'grey', glyph: 'dashed' }
}

/** Does anything pick up work here? */
export const PoolHealth = ({ pool }: { pool: PoolSummary }) => {
  const look = lookOf(pool)
  return (
    <span className="inline-flex items-center gap-1.5 align-middle whitespace-nowrap">
      <StateGlyph look={look} /> {look.word}
    </span>
  )
}
