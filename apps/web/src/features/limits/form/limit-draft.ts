import { type Collision, type LimitInput, type LimitRef, type LimitView, limitRateSchema, MAX_SLOTS } from '@towline/contract/limit-views'

export const WINDOW_UNITS = { second: 1, minute: 60, hour: 3600, day: 86_400 } as const
export type WindowUnit = keyof typeof WINDOW_UNITS

/** What somebody has typed. Numbers are text until they are read, so that a half typed one is not lost. */
export type LimitDraft = {
  bounded: boolean
  slots: string
  rated: boolean
  count: string
  per: string
  unit: WindowUnit
  collision: Collision
  description: string
}

export const NEW_DRAFT: LimitDraft = {
  bounded: true,
  slots: '1',
  rated: false,
  count: '10',
  per: '1',
  unit: 'minute',
  collision: 'enqueue',
  description: '',
}

const UNITS_DOWN: WindowUnit[] = ['day', 'hour', 'minute', 'second']

export const draftOf = (limit: LimitView): LimitDraft => {
  const { slots, rate, collision, description } = limit
  const unit = UNITS_DOWN.find((name) => (rate?.windowSeconds ?? 60) % WINDOW_UNITS[name] === 0) ?? 'second'
  return {
    bounded: slots !== null,
    slots: String(slots ?? 1),
    rated: rate !== null,
    count: String(rate?.count ?? 10),
    per: String((rate?.windowSeconds ?? 60) / WINDOW_UNITS[unit]),
    unit,
    collision,
    description,
  }
}

export type DraftErrors = { slots?: string; rate?: string; none?: string }
export type Setting = { slots: number | null; rate: { count: number; windowSeconds: number } | null }

const wholeNumber = (text: string): number => (/^\d{1,9}$/.test(text.trim()) ? Number(text.trim()) : Number.NaN)

/** The bounds that a draft means, or what is wrong with it, each said at its field. */
export const readDraft = (draft: LimitDraft): { setting: Setting; errors: null } | { setting: null; errors: DraftErrors } => {
  const errors: DraftErrors = {}
  const slots = draft.bounded ? wholeNumber(draft.slots) : null
  if (slots !== null && !(slots <= MAX_SLOTS)) errors.slots = `A whole number from 0 to ${MAX_SLOTS.toLocaleString('en-US')}.`
  const rate = draft.rated ? { count: wholeNumber(draft.count), windowSeconds: wholeNumber(draft.per) * WINDOW_UNITS[draft.unit] } : null
  if (rate && !limitRateSchema.safeParse(rate).success)
    errors.rate = Number.isNaN(rate.count) ? 'How many starts? A whole number.' : 'The window is one second to one day.'
  if (!draft.bounded && !draft.rated) errors.none = 'A limit bounds slots, starts, or both.'
  return Object.keys(errors).length > 0 ? { setting: null, errors } : { setting: { slots, rate }, errors: null }
}

/** A change leaves out what it does not touch, so that two people who edit different things do not undo each other. */
export const inputOf = (limit: LimitRef, draft: LimitDraft, setting: Setting, before: LimitView | null): LimitInput => {
  const bounds = {
    ...(before === null || before.slots !== setting.slots ? { slots: setting.slots } : {}),
    ...(before === null || JSON.stringify(before.rate) !== JSON.stringify(setting.rate) ? { rate: setting.rate } : {}),
  }
  const kind = before?.kind ?? ('kind' in limit ? limit.kind : null)
  return {
    limit,
    ...bounds,
    ...(kind === 'deployment' && draft.collision !== (before?.collision ?? 'enqueue') ? { collision: draft.collision } : {}),
    ...(draft.description.trim() === (before?.description ?? '') ? {} : { description: draft.description.trim() }),
  }
}
