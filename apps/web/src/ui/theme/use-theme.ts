'use client'

import { useEffect, useSyncExternalStore } from 'react'
import { applyTheme, readTheme, storeTheme, type Theme } from './theme.ts'

const listeners = new Set<() => void>()
const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  window.addEventListener('storage', listener)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('storage', listener)
  }
}

/** The chosen theme, and how to choose another. Follows the system while `system` is chosen, and other tabs. */
export const useTheme = (): [Theme, (theme: Theme) => void] => {
  const theme = useSyncExternalStore(subscribe, readTheme, () => 'system' as Theme)
  useEffect(() => {
    applyTheme(theme)
    const media = matchMedia('(prefers-color-scheme: dark)')
    const follow = () => applyTheme(theme)
    media.addEventListener('change', follow)
    return () => media.removeEventListener('change', follow)
  }, [theme])
  const choose = (next: Theme) => {
    storeTheme(next)
    for (const listener of listeners) listener()
  }
  return [theme, choose]
}
