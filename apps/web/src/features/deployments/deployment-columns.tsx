import type { DeploymentSummary } from '@towline/contract/views'
import Link from 'next/link'
import { RunBars } from '../../ui/RunBars.tsx'
import { StateGlyph } from '../../ui/state/StateGlyph.tsx'
import { STATE_LOOK } from '../../ui/state/state-look.ts'
import type { Column } from '../../ui/Table.tsx'
import { Tag, TagList } from '../../ui/Tag.tsx'
import { Time } from '../../ui/Time.tsx'

export const deploymentColumns = (to: (path: string) => string): Column<DeploymentSummary>[] => [
  {
    id: 'name',
    title: 'Deployment',
    className: 'max-w-0 w-[34%]',
    cell: (deployment) => (
      <div className="min-w-0">
        <span className="flex items-center gap-2">
          <Link
            href={to(`/deployments/${deployment.name}`)}
            prefetch={false}
            className="relative z-10 truncate rounded-sm font-medium hover:underline"
          >
            {deployment.name}
          </Link>
          {deployment.paused && <Tag>paused</Tag>}
        </span>
        {deployment.description && <span className="block truncate text-xs text-faint">{deployment.description}</span>}
      </div>
    ),
  },
  {
    id: 'recent',
    title: 'Recent runs',
    className: 'w-40 max-sm:hidden',
    cell: (deployment) => <RunBars runs={deployment.recent} href={(id) => to(`/runs/${id}`)} />,
  },
  {
    id: 'last',
    title: 'Last run',
    className: 'w-32',
    cell: (deployment) => {
      const last = deployment.recent.at(-1)
      if (!last) return <span className="text-faint">never</span>
      return (
        <span className="inline-flex items-center gap-1.5 align-middle">
          <StateGlyph look={STATE_LOOK[last.state]} label={STATE_LOOK[last.state].word} />
          <Time at={last.at} className="relative z-10 whitespace-nowrap text-muted" />
        </span>
      )
    },
  },
  {
    id: 'pool',
    title: 'Pool',
    className: 'max-md:hidden max-w-40',
    cell: (deployment) => (
      <Link
        href={to(`/pools/${deployment.poolName}`)}
        prefetch={false}
        className="relative z-10 block truncate rounded-sm text-muted hover:underline"
      >
        {deployment.poolName}
      </Link>
    ),
  },
  {
    id: 'code',
    title: 'Code',
    className: 'max-lg:hidden w-24',
    cell: (deployment) => <span className="text-muted">{deployment.codeKind}</span>,
  },
  { id: 'tags', title: 'Tags', className: 'max-xl:hidden max-w-56', cell: (deployment) => <TagList tags={deployment.tags} max={2} /> },
  {
    id: 'version',
    title: 'Version',
    className: 'max-sm:hidden w-20 text-right',
    cell: (deployment) => <span className="text-muted">v{deployment.version}</span>,
  },
]
