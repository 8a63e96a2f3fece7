'use client'

import { Dialog } from '../../ui/Dialog.tsx'
import { Kbd } from '../../ui/Kbd.tsx'
import { SHORTCUTS } from './shortcuts.ts'

const shown = (key: string): string =>
  key === 'mod' ? (navigator.platform.startsWith('Mac') ? '⌘' : 'Ctrl') : key.length === 1 ? key.toUpperCase() : key

export const ShortcutSheet = ({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) => {
  // Closed, it asks nothing of the browser: the server draws pages too.
  if (!open) return null
  const groups = [...new Set(SHORTCUTS.map((shortcut) => shortcut.group))]
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Keyboard shortcuts">
      <div className="flex flex-col gap-4">
        {groups.map((group) => (
          <section key={group}>
            <h3 className="mb-1 text-xs text-faint">{group}</h3>
            {SHORTCUTS.filter((shortcut) => shortcut.group === group).map((shortcut) => (
              <div key={shortcut.keys} className="flex items-center justify-between border-b border-line py-1.5 last:border-0">
                {shortcut.text}
                <span className="flex gap-1">
                  {shortcut.keys.split(/[ +]/).map((key) => (
                    <Kbd key={key}>{shown(key)}</Kbd>
                  ))}
                </span>
              </div>
            ))}
          </section>
        ))}
      </div>
    </Dialog>
  )
}
