'use client'

import { TriangleAlert } from 'lucide-react'
import { readError } from '../trpc/read-error.ts'
import { Button } from './Button.tsx'
import { CopyField } from './CopyField.tsx'
import { Notice } from './Notice.tsx'

/** What could not be shown, why, and what to do, with the id to quote. */
export const ErrorNotice = ({ what, error, onRetry }: { what: string; error: unknown; onRetry?: () => void }) => {
  const told = readError(error)
  return (
    <Notice
      tone="red"
      title={what}
      icon={<TriangleAlert size={16} />}
      actions={
        onRetry && (
          <Button size="sm" onClick={onRetry}>
            Try again
          </Button>
        )
      }
    >
      <p>{told.message}</p>
      {told.id && <CopyField value={told.id} />}
    </Notice>
  )
}
