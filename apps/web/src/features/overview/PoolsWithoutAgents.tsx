import type { PoolSummary } from '@towline/contract/views'
import { PlugZap } from 'lucide-react'
import Link from 'next/link'
import { plural } from '../../ui/format/format-number.ts'
import { Notice } from '../../ui/Notice.tsx'
import { useWorkspace } from '../shell/workspace-context.ts'

const consequence = (pool: PoolSummary): string =>
  pool.waiting > 0
    ? `${plural(pool.waiting, 'run')} ${pool.waiting === 1 ? 'waits' : 'wait'}`
    : pool.paused
      ? 'paused'
      : 'runs sent there will wait'

/** Pools that nobody serves, in one notice however many they are; those that keep runs waiting come first. */
export const PoolsWithoutAgents = ({ pools }: { pools: PoolSummary[] }) => {
  const { to } = useWorkspace()
  const [first, ...others] = [...pools].sort((a, b) => b.waiting - a.waiting)
  if (!first) return null
  return (
    <Notice
      tone="orange"
      icon={<PlugZap size={16} />}
      title={others.length === 0 ? `No agent of ${first.name} is online` : `${pools.length} work pools have no agent online`}
    >
      <ul className="flex flex-wrap gap-x-6 gap-y-1">
        {[first, ...others].map((pool) => (
          <li key={pool.id} className="inline-flex items-baseline gap-1.5">
            <Link href={to(`/pools/${pool.name}`)} className="rounded-sm font-medium text-text hover:underline">
              {others.length === 0 ? 'Open the pool' : pool.name}
            </Link>
            <span className={pool.waiting > 0 ? 'text-orange' : ''}>{consequence(pool)}</span>
          </li>
        ))}
      </ul>
    </Notice>
  )
}
