'use client'

import { useSyncExternalStore } from 'react'

/** One ticker for every clock of the page: they all step together, and none ticks in a hidden tab. */
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined
let now = 0

const tick = () => {
  if (document.hidden) return
  now = Date.now()
  for (const listener of listeners) listener()
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  timer ??= setInterval(tick, 1000)
  document.addEventListener('visibilitychange', tick)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
    document.removeEventListener('visibilitychange', tick)
  }
}

const read = (): number => {
  if (now === 0 || Date.now() - now > 2000) now = Date.now()
  return now
}

export const useNow = (): number => useSyncExternalStore(subscribe, read, () => 0)
