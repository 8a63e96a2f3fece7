'use client'

import type { WhoamiView } from '@towline/contract/views'
import { createContext, useContext } from 'react'

export type WorkspaceScope = {
  slug: string
  /** Address of a page of this workspace: `to('/runs')`. */
  to: (path: string) => string
  whoami: WhoamiView | undefined
}

export const WorkspaceContext = createContext<WorkspaceScope | null>(null)

export const useWorkspace = (): WorkspaceScope => {
  const scope = useContext(WorkspaceContext)
  if (!scope) throw new Error('This component belongs inside a workspace.')
  return scope
}
