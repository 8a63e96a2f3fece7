'use client'

import { reuseWords } from '@towline/contract/reuse-words'
import type { RetryMode, ReusableView, RunDetail } from '@towline/contract/views'
import { RadioGroup } from 'radix-ui'
import { useState } from 'react'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { plural } from '../../ui/format/format-number.ts'
import { StateGlyph } from '../../ui/state/StateGlyph.tsx'
import { STATE_LOOK } from '../../ui/state/state-look.ts'

type Props = { run: RunDetail; open: boolean; onOpenChange: (open: boolean) => void; onRetry: (mode: RetryMode) => void }

const ALL = 'It runs again with the same code and parameters. Its earlier attempts and their logs stay.'

const Choice = ({ value, title, children }: { value: RetryMode; title: React.ReactNode; children: React.ReactNode }) => (
  <RadioGroup.Item
    value={value}
    className="flex flex-col gap-1 rounded-lg border border-line-strong p-3 text-left hover:bg-hover data-[state=checked]:border-accent data-[state=checked]:bg-selection"
  >
    <span className="flex w-full items-center justify-between gap-3 font-medium">{title}</span>
    <span className="text-xs text-muted">{children}</span>
  </RadioGroup.Item>
)

const Choices = ({ reusable, mode, onMode }: { reusable: ReusableView; mode: RetryMode; onMode: (mode: RetryMode) => void }) => (
  <RadioGroup.Root
    value={mode}
    onValueChange={(value) => onMode(value as RetryMode)}
    aria-label="What runs"
    className="flex flex-col gap-2"
  >
    <Choice
      value="from-failed"
      title={
        <>
          From failed
          <span className="inline-flex items-center gap-1.5 text-xs font-normal text-muted">
            <StateGlyph look={STATE_LOOK.Cached} size={12} />
            {plural(reusable.tasks, 'task')} reused
          </span>
        </>
      }
    >
      {reuseWords(reusable)} A task whose inputs have changed runs again, too.
    </Choice>
    <Choice value="all" title="Everything">
      No result is reused: all tasks run again.
    </Choice>
  </RadioGroup.Root>
)

/** A run that left finished tasks behind is retried from them, or as a whole; any other is asked about once. */
export const RetryDialog = ({ run, open, onOpenChange, onRetry }: Props) => {
  const { reusable } = run
  const [chosen, setChosen] = useState<RetryMode>('from-failed')
  const offered = reusable !== null && reusable.tasks > 0
  const mode = offered ? chosen : 'all'
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Retry ${run.name}?`}
      description={offered ? 'Same code, same parameters. Its earlier attempts and their logs stay.' : undefined}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Keep it</Button>
          <Button variant="primary" onClick={() => onRetry(mode)}>
            {mode === 'from-failed' ? 'Retry from failed' : offered ? 'Retry everything' : 'Retry'}
          </Button>
        </>
      }
    >
      {offered ? (
        <Choices reusable={reusable} mode={mode} onMode={setChosen} />
      ) : (
        <p className="text-muted">
          {ALL}
          {reusable && ` ${reuseWords(reusable)}`}
        </p>
      )}
    </Dialog>
  )
}
