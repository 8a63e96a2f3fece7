'use client'

import type { LimitView } from '@towline/contract/limit-views'
import { Switch } from '../../ui/Switch.tsx'
import { isPaused } from './limit-words.ts'
import { useCanEdit } from './use-can-edit.ts'
import { useLimitActions } from './use-limit-actions.ts'

/** Off is 0 slots: holders go on, nothing new is let in. On gives back what it had; `onAsk` when nobody here remembers. */
export const PauseSwitch = ({ limit, onAsk, bare }: { limit: LimitView; onAsk: () => void; bare?: boolean }) => {
  const { pause, resume } = useLimitActions()
  const canEdit = useCanEdit()
  const paused = isPaused(limit)
  const control = (
    <Switch
      checked={!paused}
      disabled={!canEdit}
      label={paused ? `Resume ${limit.name}` : `Pause ${limit.name}`}
      onChange={(open) => {
        if (!open) pause(limit)
        else if (!resume(limit)) onAsk()
      }}
    />
  )
  if (bare) return control
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the switch is inside
    <label className="flex h-8 items-center gap-2 rounded-md border border-line-strong px-3">
      {control}
      {paused ? 'Paused' : 'Open'}
    </label>
  )
}
