'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { useShortcuts } from '../shell/shortcuts.ts'

type Options = { ids: string[]; href: (id: string) => string; onToggle?: (id: string) => void; onSearch?: () => void }

/** j, k, Enter, x and / in a list. The row is remembered by id, so that it stays the same row when new ones arrive above it. */
export const useRowKeys = ({ ids, href, onToggle, onSearch }: Options): string | null => {
  const router = useRouter()
  const [current, setCurrent] = useState<string | null>(null)
  const index = current ? ids.indexOf(current) : -1
  const step = (by: number) => {
    const next = ids[Math.min(ids.length - 1, Math.max(0, index + by))]
    if (!next) return
    setCurrent(next)
    document.querySelector(`[data-row="${CSS.escape(next)}"]`)?.scrollIntoView({ block: 'nearest' })
  }
  const open = () => {
    // Enter on a focused link or button is theirs.
    const own = document.activeElement?.closest<HTMLElement>('a,button')
    if (own) own.click()
    else if (index >= 0 && current) router.push(href(current))
  }
  useShortcuts({
    j: () => step(1),
    k: () => step(-1),
    x: () => index >= 0 && current && onToggle?.(current),
    '/': () => onSearch?.(),
    Enter: open,
  })
  return current
}
