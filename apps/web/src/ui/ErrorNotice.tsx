'use client'

import { TriangleAlert } from 'lucide-react'
import { readError } from '../trpc/read-error.ts'
import { Button, LinkButton } from './Button.tsx'
import { CopyField } from './CopyField.tsx'
import { Notice } from './Notice.tsx'

type Props = {
  what: string
  error: unknown
  onRetry?: () => void
  /** Where it stands for a whole page: the way on when there is nothing to try again, because what was asked for is not there. */
  elsewhere?: { href: string; label: string }
}

/** What could not be shown, why, and what to do, with the id to quote. */
export const ErrorNotice = ({ what, error, onRetry, elsewhere }: Props) => {
  const told = readError(error)
  const lasting = told.code === 'not_found' || told.code === 'invalid_input'
  return (
    <Notice
      tone="red"
      title={elsewhere ? <h1>{what}</h1> : what}
      icon={<TriangleAlert size={16} />}
      actions={
        lasting && elsewhere ? (
          <LinkButton size="sm" href={elsewhere.href}>
            {elsewhere.label}
          </LinkButton>
        ) : (
          onRetry && (
            <Button size="sm" onClick={onRetry}>
              Try again
            </Button>
          )
        )
      }
    >
      <p>{told.code === 'invalid_input' && elsewhere ? 'Nothing has this id.' : told.message}</p>
      {told.id && <CopyField value={told.id} />}
    </Notice>
  )
}
