'use client'

import { useRouter, useSearchParams } from 'next/navigation'
import { PageHeader } from '../../ui/PageHeader.tsx'
import { Tabs } from '../../ui/Tabs.tsx'
import { AuditTab } from '../audit/AuditTab.tsx'
import { useMayReadAudit } from '../audit/use-may-read-audit.ts'
import { Page } from '../shell/Page.tsx'
import { useWorkspace } from '../shell/workspace-context.ts'
import { GeneralTab } from './GeneralTab.tsx'
import { KeysTab } from './KeysTab.tsx'
import { ProfileTab } from './ProfileTab.tsx'

export const SettingsPage = () => {
  const router = useRouter()
  const { to } = useWorkspace()
  const mayReadAudit = useMayReadAudit()
  const asked = useSearchParams().get('tab')
  const tabs = [
    { id: 'general', label: 'Workspace', content: <GeneralTab /> },
    { id: 'keys', label: 'API keys', content: <KeysTab /> },
    ...((mayReadAudit ?? asked === 'audit') ? [{ id: 'audit', label: 'Audit', content: <AuditTab /> }] : []),
    { id: 'profile', label: 'Profile', content: <ProfileTab /> },
  ]
  const tab = tabs.some(({ id }) => id === asked) ? (asked ?? 'general') : 'general'
  return (
    <Page title="Settings" crumbs={[{ label: 'Settings' }]} narrow>
      <PageHeader title="Settings" />
      <Tabs
        label="Settings"
        value={tab}
        onChange={(next) => router.replace(to(`/settings${next === 'general' ? '' : `?tab=${next}`}`), { scroll: false })}
        tabs={tabs}
      />
    </Page>
  )
}
