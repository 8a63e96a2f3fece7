import { GLYPHS, type GlyphPart } from './glyphs.ts'
import { type StateLook, TONE_TEXT } from './state-look.ts'

/** Shape and colour of a state. Always beside its word, or with `label` where there is no room for one. */
export const StateGlyph = ({ look, size = 14, label, still }: { look: StateLook; size?: number; label?: string; still?: boolean }) => (
  <svg
    viewBox="0 0 16 16"
    width={size}
    height={size}
    className={`${TONE_TEXT[look.tone]} shrink-0`}
    role={label ? 'img' : undefined}
    aria-label={label}
    aria-hidden={label ? undefined : true}
    fill="none"
    strokeWidth={1.5}
    strokeLinecap="round"
    strokeLinejoin="round"
  >
    {(GLYPHS[look.glyph] as readonly GlyphPart[]).map((part) => (
      <path
        key={part.d}
        d={part.d}
        fill={part.kind === 'fill' ? 'currentColor' : 'none'}
        stroke={part.kind === 'line' ? 'currentColor' : part.kind === 'cut' ? 'var(--ground)' : 'none'}
        strokeDasharray={part.dash}
        opacity={part.faint ? 0.28 : undefined}
        className={part.turning && !still ? 'origin-center animate-ring' : undefined}
      />
    ))}
  </svg>
)
