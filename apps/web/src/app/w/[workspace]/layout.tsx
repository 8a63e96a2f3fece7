import type { ReactNode } from 'react'
import { WorkspaceShell } from '../../../features/shell/WorkspaceShell.tsx'
import { readInstallation } from '../../read-installation.ts'

type Props = { children: ReactNode; params: Promise<{ workspace: string }> }

export default async function WorkspaceLayout({ children, params }: Props) {
  const { workspace } = await params
  return (
    <WorkspaceShell slug={workspace} installation={readInstallation(process.env)}>
      {children}
    </WorkspaceShell>
  )
}
