import type { OverviewView } from '@towline/contract/views'
import Link from 'next/link'
import { formatCount } from '../../ui/format/format-number.ts'
import { Skeleton } from '../../ui/Skeleton.tsx'
import { StateGlyph } from '../../ui/state/StateGlyph.tsx'
import { STATE_LOOK, type StateLook } from '../../ui/state/state-look.ts'
import { useWorkspace } from '../shell/workspace-context.ts'

const BOUND = 10_000

type Tile = { id: keyof OverviewView['counts']; label: string; look: StateLook; query: string }

const TILES: Tile[] = [
  { id: 'running', label: 'Running', look: STATE_LOOK.Running, query: 'state=active' },
  { id: 'waiting', label: 'Waiting', look: STATE_LOOK.Scheduled, query: 'state=waiting' },
  { id: 'late', label: 'Late', look: STATE_LOOK.Late, query: 'state=Late' },
  { id: 'failed24h', label: 'Problems in 24 h', look: STATE_LOOK.Failed, query: 'state=problem' },
  { id: 'completed24h', label: 'Completed in 24 h', look: STATE_LOOK.Completed, query: 'state=Completed' },
]

/** The numbers of the workspace; each leads to the runs behind it. A zero is quiet. */
export const Counts = ({ counts }: { counts: OverviewView['counts'] | undefined }) => {
  const { to } = useWorkspace()
  return (
    <ul className="grid grid-cols-2 overflow-hidden rounded-lg border border-line sm:grid-cols-5 [&>li]:-mr-px [&>li]:-mb-px [&>li]:border-r [&>li]:border-b [&>li]:border-line">
      {TILES.map((tile) => {
        const count = counts?.[tile.id]
        return (
          <li key={tile.id} className="max-sm:last:col-span-2">
            <Link href={to(`/runs?${tile.query}`)} className="block px-4 py-3 hover:bg-hover focus-visible:outline-offset-[-2px]">
              <span className="flex items-center gap-1.5 text-xs text-faint">
                <StateGlyph look={count ? tile.look : { ...tile.look, tone: 'grey' }} size={12} /> {tile.label}
              </span>
              <span className={`mt-1 block h-7 text-xl font-semibold ${count ? 'text-text' : 'text-faint'}`}>
                {count === undefined ? <Skeleton className="mt-1 h-5 w-10" /> : formatCount(count, BOUND)}
              </span>
            </Link>
          </li>
        )
      })}
    </ul>
  )
}
