import type { TaskState } from '@towline/contract/run-api'
import type { StateName } from '@towline/contract/states'
import { StateGlyph } from './StateGlyph.tsx'
import { STATE_LOOK, type StateLook, TASK_LOOK, TONE_TEXT, TONE_TINT } from './state-look.ts'

type Variant = 'plain' | 'pill'

const Badge = ({ look, variant, narrow }: { look: StateLook; variant: Variant; narrow?: boolean }) => (
  <span
    className={`inline-flex items-center gap-1.5 align-middle whitespace-nowrap ${variant === 'pill' ? `h-6 rounded-full border px-2 text-xs font-medium ${TONE_TINT[look.tone]} ${TONE_TEXT[look.tone]}` : 'text-text'}`}
  >
    <StateGlyph look={look} size={variant === 'pill' ? 13 : 14} />
    <span className={narrow ? 'max-sm:sr-only' : undefined}>{look.word}</span>
  </span>
)

/** `narrow`: on a phone the shape stands alone, for rows that say the word elsewhere. */
export const StateBadge = ({ state, variant = 'plain', narrow }: { state: StateName; variant?: Variant; narrow?: boolean }) => (
  <Badge look={STATE_LOOK[state]} variant={variant} narrow={narrow} />
)

export const TaskStateBadge = ({ state, variant = 'plain' }: { state: TaskState; variant?: Variant }) => (
  <Badge look={TASK_LOOK[state]} variant={variant} />
)
