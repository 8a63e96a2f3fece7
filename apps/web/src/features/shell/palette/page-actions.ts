'use client'

import { type ReactNode, useEffect, useSyncExternalStore } from 'react'

export type PageAction = { id: string; text: string; icon: ReactNode; act: () => void }

let current: PageAction[] = []
const NONE: PageAction[] = []
const listeners = new Set<() => void>()
const set = (actions: PageAction[]): void => {
  current = actions
  for (const listener of listeners) listener()
}
const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** What can be done with the object of this page stands first in the palette, for as long as the page does. */
export const useOfferActions = (actions: PageAction[]): void => {
  const ids = actions.map(({ id, text }) => `${id} ${text}`).join('\n')
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same offers stay, though every drawing makes new ones
  useEffect(() => {
    set(actions)
    return () => set(NONE)
  }, [ids])
}

export const usePageActions = (): PageAction[] =>
  useSyncExternalStore(
    subscribe,
    () => current,
    () => NONE,
  )
