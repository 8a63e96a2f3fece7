'use client'

import { useEffect, useRef } from 'react'

/** What the sheet behind `?` lists. A key is one stroke, `g r` two in a row, `mod+k` with ⌘ or Ctrl. */
export const SHORTCUTS = [
  { group: 'Everywhere', keys: 'mod+k', text: 'Find anything, do anything' },
  { group: 'Everywhere', keys: '?', text: 'Show these shortcuts' },
  { group: 'Go to', keys: 'g o', text: 'Overview' },
  { group: 'Go to', keys: 'g r', text: 'Runs' },
  { group: 'Go to', keys: 'g d', text: 'Deployments' },
  { group: 'Go to', keys: 'g p', text: 'Work pools' },
  { group: 'Go to', keys: 'g c', text: 'Concurrency' },
  { group: 'Go to', keys: 'g s', text: 'Settings' },
  { group: 'In a list', keys: 'j', text: 'Next row' },
  { group: 'In a list', keys: 'k', text: 'Previous row' },
  { group: 'In a list', keys: 'Enter', text: 'Open the row' },
  { group: 'In a list', keys: 'x', text: 'Select the row' },
  { group: 'In a list', keys: '/', text: 'Search' },
  { group: 'On a run', keys: 'f', text: 'Follow the logs' },
  { group: 'On a run', keys: 'w', text: 'Wrap long lines' },
] as const

const SEQUENCE_MS = 900

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))

const strokeOf = (event: KeyboardEvent): string => (event.metaKey || event.ctrlKey ? `mod+${event.key.toLowerCase()}` : event.key)

export type ShortcutMap = Record<string, (event: KeyboardEvent) => void>

/** Listens while mounted. Plain keys are left alone while somebody types or a dialog is open. */
export const useShortcuts = (map: ShortcutMap): void => {
  const latest = useRef(map)
  latest.current = map
  useEffect(() => {
    let previous = { key: '', at: 0 }
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey) return
      const stroke = strokeOf(event)
      if (!stroke.startsWith('mod+') && (isTyping(event.target) || document.querySelector('[role=dialog],[role=menu],[role=listbox]')))
        return
      const pair = event.timeStamp - previous.at < SEQUENCE_MS ? `${previous.key} ${stroke}` : ''
      const action = latest.current[pair] ?? latest.current[stroke]
      previous = { key: stroke, at: event.timeStamp }
      if (!action) return
      event.preventDefault()
      action(event)
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [])
}
