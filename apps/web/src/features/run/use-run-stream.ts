'use client'

import { useEffect, useState, useSyncExternalStore } from 'react'
import { useVisible } from '../../live/use-visible.ts'
import { readError } from '../../trpc/read-error.ts'
import { useTRPCClient } from '../../trpc/trpc.ts'
import { RunStream } from './run-stream.ts'

const HIDDEN_GRACE_MS = 120_000
const RECONNECT_MS = 1500

/** Follows one run. After a break it goes on from the last event and line that it has. */
export const useRunStream = (id: string): { stream: RunStream; error: unknown } => {
  const client = useTRPCClient()
  const visible = useVisible(HIDDEN_GRACE_MS)
  const [stream, setStream] = useState(() => new RunStream())
  const [error, setError] = useState<unknown>(null)
  const [round, setRound] = useState(0)
  const [of, setOf] = useState(id)
  if (of !== id) {
    setOf(id)
    setStream(new RunStream())
    setError(null)
  }
  const version = useSyncExternalStore(
    stream.subscribe,
    () => stream.version,
    () => 0,
  )
  const ended = version >= 0 && stream.mode === 'ended'

  // biome-ignore lint/correctness/useExhaustiveDependencies: `round` starts the next connection
  useEffect(() => {
    if (!visible || ended) return
    let timer: ReturnType<typeof setTimeout> | undefined
    const again = () => {
      timer = setTimeout(() => setRound((count) => count + 1), RECONNECT_MS)
    }
    const subscription = client.runs.watch.subscribe(
      { id, afterEvent: stream.lastEvent, logCursor: stream.cursor },
      {
        onData: (change) => {
          setError(null)
          stream.apply(change)
        },
        onComplete: () => stream.end(),
        onError: (problem) => {
          if (['not_found', 'forbidden'].includes(readError(problem).code)) setError(problem)
          else again()
        },
      },
    )
    return () => {
      clearTimeout(timer)
      subscription.unsubscribe()
    }
  }, [client, id, stream, visible, ended, round])

  return { stream, error }
}
