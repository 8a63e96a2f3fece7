'use client'

import { TriangleAlert } from 'lucide-react'
import { readError } from '../trpc/read-error.ts'
import { Button, LinkButton } from './Button.tsx'
import { CopyField } from './CopyField.tsx'
import { Notice } from './Notice.tsx'

type Props = { what: string; error: unknown; onRetry?: () => void; href?: { to: string; label: string } }

/** What could not be shown, why, and what to do, with the id to quote. Trying again is offered only where it can help. */
export const ErrorNotice = ({ what, error, onRetry, href }: Props) => {
  const told = readError(error)
  return (
    <Notice
      tone="red"
      title={what}
      icon={<TriangleAlert size={16} />}
      actions={
        onRetry ? (
          <Button size="sm" onClick={onRetry}>
            Try again
          </Button>
        ) : (
          href && (
            <LinkButton size="sm" href={href.to}>
              {href.label}
            </LinkButton>
          )
        )
      }
    >
      <p>{told.message}</p>
      {told.id && <CopyField value={told.id} />}
    </Notice>
  )
}
