'use client'

import { useSyncExternalStore } from 'react'

const never = (): (() => void) => () => undefined

/** The key that goes with K on this keyboard; the server, which cannot know, says Ctrl. */
export const useModKey = (): '⌘' | 'Ctrl' =>
  useSyncExternalStore(
    never,
    () => (navigator.platform.startsWith('Mac') ? '⌘' : 'Ctrl'),
    () => 'Ctrl',
  )
