'use client'

import { useQuery } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import { useTRPC } from '../../trpc/trpc.ts'
import { ErrorNotice } from '../../ui/ErrorNotice.tsx'

const LAST_KEY = 'towline-workspace'

/** Leads to the workspace that was open last, to the first one, or to making one. */
export const Home = () => {
  const router = useRouter()
  const whoami = useQuery(useTRPC().auth.whoami.queryOptions())
  useEffect(() => {
    if (!whoami.data) return
    const { workspaces } = whoami.data
    const last = workspaces.find((workspace) => workspace.slug === localStorage.getItem(LAST_KEY)) ?? workspaces[0]
    router.replace(last ? `/w/${last.slug}` : '/new')
  }, [whoami.data, router])
  return (
    <main className="min-h-dvh bg-sunken p-6">
      {whoami.error && <ErrorNotice what="Your workspaces cannot be shown." error={whoami.error} onRetry={() => void whoami.refetch()} />}
    </main>
  )
}
