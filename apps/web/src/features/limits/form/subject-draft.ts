import { tagSchema } from '@towline/contract/ids'
import type { LimitKind, LimitRef } from '@towline/contract/limit-views'
import { formatSentence } from '../../../ui/format/format-sentence.ts'

/** One field per kind, so that going back to a kind finds what was typed there. */
export type SubjectDraft = { kind: LimitKind; tag: string; deployment: string; pool: string; queue: string }

export const NEW_SUBJECT: SubjectDraft = { kind: 'tag', tag: '', deployment: '', pool: '', queue: '' }

/** null while it names nothing yet. */
export const readSubject = ({ kind, tag, deployment, pool, queue }: SubjectDraft): LimitRef | null => {
  if (kind === 'tag') {
    const parsed = tagSchema.safeParse(tag)
    return parsed.success ? { kind, tag: parsed.data } : null
  }
  if (kind === 'deployment') return deployment ? { kind, deployment } : null
  if (kind === 'pool') return pool ? { kind, pool } : null
  return pool && queue ? { kind, pool, queue } : null
}

export const subjectError = ({ kind, tag }: SubjectDraft): string | null => {
  const refusal = kind === 'tag' && tag !== '' ? tagSchema.safeParse(tag).error?.issues[0]?.message : undefined
  return refusal === undefined ? null : formatSentence(refusal)
}
