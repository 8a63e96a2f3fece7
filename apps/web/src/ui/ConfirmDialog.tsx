'use client'

import { type ReactNode, useState } from 'react'
import { Button } from './Button.tsx'
import { Dialog } from './Dialog.tsx'
import { Field } from './Field.tsx'
import { Input } from './Input.tsx'

type Props = {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: string
  /** Exactly what happens and what is lost. */
  children: ReactNode
  action: string
  onConfirm: () => void
  busy?: boolean
  danger?: boolean
  /** Where there is no way back: the text that has to be typed first. */
  typeToConfirm?: string
}

export const ConfirmDialog = ({ open, onOpenChange, title, children, action, onConfirm, busy, danger = true, typeToConfirm }: Props) => {
  const [typed, setTyped] = useState('')
  const ready = !typeToConfirm || typed === typeToConfirm
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => {
        setTyped('')
        onOpenChange(next)
      }}
      title={title}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Keep it</Button>
          <Button variant={danger ? 'danger' : 'primary'} disabled={!ready} busy={busy} onClick={onConfirm}>
            {action}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3 text-muted">
        <div>{children}</div>
        {typeToConfirm && (
          <Field
            label={
              <>
                Type <span className="font-mono">{typeToConfirm}</span> to confirm
              </>
            }
          >
            <Input value={typed} onChange={(event) => setTyped(event.target.value)} mono autoFocus />
          </Field>
        )}
      </div>
    </Dialog>
  )
}
