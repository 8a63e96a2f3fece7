'use client'

import { Dialog } from '../../ui/Dialog.tsx'
import { Kbd } from '../../ui/Kbd.tsx'
import { useModKey } from '../../ui/use-mod-key.ts'
import { SHORTCUTS } from './shortcuts.ts'

const shown = (key: string, mod: string): string => (key === 'mod' ? mod : key.length === 1 ? key.toUpperCase() : key)

export const ShortcutSheet = ({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) => {
  const mod = useModKey()
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
                    <Kbd key={key}>{shown(key, mod)}</Kbd>
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
