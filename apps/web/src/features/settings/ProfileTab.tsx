'use client'

import { signOut } from 'next-auth/react'
import { Button } from '../../ui/Button.tsx'
import { KeyValue } from '../../ui/KeyValue.tsx'
import { Section } from '../../ui/Section.tsx'
import { Select } from '../../ui/Select.tsx'
import { useTheme } from '../../ui/theme/use-theme.ts'
import { useWorkspace } from '../shell/workspace-context.ts'

const THEMES = [
  { value: 'system', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const

export const ProfileTab = () => {
  const { whoami } = useWorkspace()
  const [theme, setTheme] = useTheme()
  if (!whoami?.user) return null
  return (
    <div className="flex flex-col gap-5">
      <Section title="You">
        <KeyValue
          facts={[
            { label: 'Name', value: whoami.user.name },
            { label: 'Email', value: whoami.user.email },
            { label: 'Role here', value: whoami.workspace?.role ?? 'none' },
            { label: 'Time zone', value: Intl.DateTimeFormat().resolvedOptions().timeZone },
          ]}
        />
      </Section>
      <Section title="Theme">
        <Select label="Theme" className="!w-48" value={theme} onChange={setTheme} options={THEMES} />
      </Section>
      <Button className="self-start" onClick={() => void signOut({ callbackUrl: '/sign-in' })}>
        Sign out
      </Button>
    </div>
  )
}
