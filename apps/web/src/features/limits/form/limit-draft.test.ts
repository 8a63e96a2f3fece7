import type { LimitView } from '@towline/contract/limit-views'
import { limitInputSchema } from '@towline/contract/limit-views'
import { describe, expect, it } from 'vitest'
import { draftOf, inputOf, NEW_DRAFT, readDraft } from './limit-draft.ts'

const limit: LimitView = {
  id: '01890a5d-ac96-774b-bcce-b302099a8057',
  kind: 'deployment',
  name: 'etl',
  subjectId: '01890a5d-ac96-774b-bcce-b302099a8058',
  slots: 3,
  rate: { count: 5, windowSeconds: 7200 },
  collision: 'enqueue',
  description: 'as agreed',
  used: 0,
  holding: 0,
  waiting: 0,
  createdAt: new Date(0),
  updatedAt: new Date(0),
  createdBy: 'a@example.com',
}

describe('the draft of a limit', () => {
  it('comes back from a limit as the same bounds', () => {
    expect(readDraft(draftOf(limit)).setting).toEqual({ slots: 3, rate: { count: 5, windowSeconds: 7200 } })
    expect(draftOf(limit)).toMatchObject({ per: '2', unit: 'hour' })
    expect(readDraft(draftOf({ ...limit, slots: null })).setting?.slots).toBeNull()
  })

  it('refuses what is no number at its own field', () => {
    for (const slots of ['', '-1', '1.5', 'three', '1000001']) expect(readDraft({ ...NEW_DRAFT, slots }).errors?.slots).toBeTruthy()
    expect(readDraft({ ...NEW_DRAFT, rated: true, count: 'x' }).errors?.rate).toContain('whole number')
    expect(readDraft({ ...NEW_DRAFT, rated: true, per: '2', unit: 'day' }).errors?.rate).toContain('one day')
  })

  it('refuses a limit that bounds nothing, and takes 0 as a pause', () => {
    expect(readDraft({ ...NEW_DRAFT, bounded: false }).errors?.none).toBeTruthy()
    expect(readDraft({ ...NEW_DRAFT, slots: '0' }).setting).toEqual({ slots: 0, rate: null })
  })

  it('sends only what was changed', () => {
    const ref = { kind: 'deployment', deployment: 'etl' } as const
    const draft = { ...draftOf(limit), slots: '4' }
    const { setting } = readDraft(draft)
    if (!setting) throw new Error('the draft is right')
    expect(inputOf(ref, draft, setting, limit)).toEqual({ limit: ref, slots: 4 })
    expect(limitInputSchema.safeParse(inputOf(ref, NEW_DRAFT, { slots: 1, rate: null }, null)).success).toBe(true)
  })
})
