'use client'

import { LinkButton } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { Page } from './Page.tsx'
import { useWorkspace } from './workspace-context.ts'

/** An address below a workspace that leads nowhere: the way on stays in sight. */
export const NoPage = () => {
  const { to } = useWorkspace()
  return (
    <Page title="No such page" crumbs={[{ label: 'No such page' }]}>
      <EmptyState
        title="There is no page at this address"
        heading="h1"
        actions={
          <>
            <LinkButton href={to('')}>Overview</LinkButton>
            <LinkButton href={to('/runs')}>Runs</LinkButton>
          </>
        }
      >
        It may be mistyped, or what it led to was deleted. Ctrl K or ⌘ K finds what is there.
      </EmptyState>
    </Page>
  )
}
