'use client'

import { useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react'
import { useTRPC, useTRPCClient } from '../trpc/trpc.ts'
import { coalesce } from './coalesce.ts'
import { useVisible } from './use-visible.ts'

/** `since`: when this page last knew that it was up to date. */
export type LiveStatus = { kind: 'connecting' | 'live' } | { kind: 'reconnecting'; since: Date }

const LiveContext = createContext<LiveStatus>({ kind: 'connecting' })
export const useLive = (): LiveStatus => useContext(LiveContext)

const HIDDEN_GRACE_MS = 60_000
const REFETCH_GAP_MS = 300

const useTopics = () => {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  return useMemo(() => {
    const of = (...filters: { queryKey: readonly unknown[] }[]) =>
      coalesce(() => Promise.all(filters.map((filter) => queryClient.invalidateQueries(filter))), REFETCH_GAP_MS)
    return {
      runs: of(
        trpc.runs.list.pathFilter(),
        trpc.overview.pathFilter(),
        trpc.pools.list.pathFilter(),
        trpc.pools.get.pathFilter(),
        trpc.pools.history.pathFilter(),
        trpc.deployments.list.pathFilter(),
        trpc.deployments.get.pathFilter(),
      ),
      pools: of(trpc.pools.pathFilter(), trpc.overview.pathFilter()),
      agents: of(trpc.agents.pathFilter(), trpc.pools.list.pathFilter(), trpc.pools.get.pathFilter(), trpc.overview.pathFilter()),
      deployments: of(trpc.deployments.pathFilter()),
      guide: of(trpc.guide.pathFilter()),
      // What a limit changes in lists and pages of runs: why they wait. Pictures of hours are read again by the minute instead.
      limits: of(
        trpc.limits.list.pathFilter(),
        trpc.limits.get.pathFilter(),
        trpc.limits.changes.pathFilter(),
        trpc.runs.list.pathFilter(),
        trpc.runs.get.pathFilter(),
        trpc.overview.pathFilter(),
      ),
      all: coalesce(() => queryClient.invalidateQueries(), REFETCH_GAP_MS),
    }
  }, [trpc, queryClient])
}

/** The one stream of a tab: what changed in the workspace. Everything that shows a list refetches because of it. */
export const LiveProvider = ({ children }: { children: ReactNode }) => {
  const client = useTRPCClient()
  const topics = useTopics()
  const visible = useVisible(HIDDEN_GRACE_MS)
  const [status, setStatus] = useState<LiveStatus>({ kind: 'connecting' })

  useEffect(() => {
    if (!visible) return
    let seenAt: Date | null = null
    let broken = false
    const lost = () => {
      broken = true
      if (seenAt) setStatus({ kind: 'reconnecting', since: seenAt })
    }
    const subscription = client.live.changes.subscribe(undefined, {
      onStarted: () => {
        // What happened while nobody listened is not told again, so all of it is read again.
        if (broken) topics.all()
        broken = false
        seenAt = new Date()
        setStatus({ kind: 'live' })
      },
      onConnectionStateChange: (state) => {
        if (state.state === 'connecting' && state.error) lost()
      },
      onData: (change) => {
        seenAt = new Date()
        for (const topic of change.topics) topics[topic]?.()
      },
      onError: lost,
      onComplete: lost,
    })
    return () => {
      subscription.unsubscribe()
    }
  }, [client, topics, visible])

  useEffect(() => {
    if (visible) return
    const hiddenAt = new Date()
    return () => {
      setStatus({ kind: 'reconnecting', since: hiddenAt })
      topics.all()
    }
  }, [visible, topics])

  return <LiveContext value={status}>{children}</LiveContext>
}
