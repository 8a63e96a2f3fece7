'use client'

import type { WhoamiView } from '@towline/contract/views'
import { createContext, useContext } from 'react'

/** Addresses of this installation, as the running server knows them. */
export type Installation = { publicUrl: string; gatewayUrl: string; agentImage: string }

export type WorkspaceScope = {
  slug: string
  /** Address of a page of this workspace: `to('/runs')`. */
  to: (path: string) => string
  whoami: WhoamiView | undefined
  installation: Installation
}

export const WorkspaceContext = createContext<WorkspaceScope | null>(null)

export const useWorkspace = (): WorkspaceScope => {
  const scope = useContext(WorkspaceContext)
  if (!scope) throw new Error('This component belongs inside a workspace.')
  return scope
}
