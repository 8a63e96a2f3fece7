'use client'

import { useWorkspace } from '../shell/workspace-context.ts'

/** Owners and admins; undefined while nobody knows yet who is here. The server decides again; this only spares others a refusal. */
export const useMayReadAudit = (): boolean | undefined => {
  const role = useWorkspace().whoami?.workspace?.role
  return role && (role === 'owner' || role === 'admin')
}
