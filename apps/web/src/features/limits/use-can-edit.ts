'use client'

import { useWorkspace } from '../shell/workspace-context.ts'

/** Operators and above change limits. The server decides again; this only spares people a refusal. */
export const useCanEdit = (): boolean => {
  const role = useWorkspace().whoami?.workspace?.role
  return role !== undefined && role !== 'viewer'
}
