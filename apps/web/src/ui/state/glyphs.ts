/**
 * The shapes of the states on a 16 px grid: told apart without colour, and drawn both by React and into a favicon.
 * `line` is stroked, `fill` is filled, `cut` is cut out of the fill (drawn in the ground's colour).
 */
export type GlyphPart = { d: string; kind: 'line' | 'fill' | 'cut'; dash?: string; faint?: boolean; turning?: boolean }

const CIRCLE = 'M8 1.75a6.25 6.25 0 1 1 0 12.5a6.25 6.25 0 0 1 0-12.5Z'
const DISC = 'M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1Z'

export const GLYPHS = {
  clock: [
    { d: CIRCLE, kind: 'line' },
    { d: 'M8 4.5V8l2.4 1.6', kind: 'line' },
  ],
  again: [
    { d: 'M13.6 8a5.6 5.6 0 1 1-1.7-4', kind: 'line' },
    { d: 'M12.2 1.4v2.9H9.3', kind: 'line' },
  ],
  stack: [
    { d: 'M2.5 4h11M2.5 8h11', kind: 'line' },
    { d: 'M2.5 12h6', kind: 'line' },
  ],
  play: [
    { d: CIRCLE, kind: 'line' },
    { d: 'M6.5 5.2v5.6L11 8Z', kind: 'fill' },
  ],
  dashed: [{ d: CIRCLE, kind: 'line', dash: '2.6 2.3' }],
  ring: [
    { d: CIRCLE, kind: 'line', faint: true },
    { d: 'M8 1.75A6.25 6.25 0 0 1 14.25 8', kind: 'line', turning: true },
  ],
  bars: [
    { d: CIRCLE, kind: 'line' },
    { d: 'M6.4 5.6v4.8M9.6 5.6v4.8', kind: 'line' },
  ],
  check: [
    { d: DISC, kind: 'fill' },
    { d: 'M4.9 8.2l2.2 2.2 4-4.6', kind: 'cut' },
  ],
  bolt: [{ d: 'M9.2 1 3 9.2h3.9L6.3 15l6.7-8.6H8.9Z', kind: 'fill' }],
  cross: [
    { d: DISC, kind: 'fill' },
    { d: 'M5.6 5.6l4.8 4.8M10.4 5.6l-4.8 4.8', kind: 'cut' },
  ],
  'clock-cross': [
    { d: 'M14.1 6.8A6.25 6.25 0 1 0 8.4 14.2', kind: 'line' },
    { d: 'M8 4.5V8l1.7 1.1', kind: 'line' },
    { d: 'M10.9 10.9l3.6 3.6M14.5 10.9l-3.6 3.6', kind: 'line' },
  ],
  broken: [
    { d: 'M6.4 1.95a6.25 6.25 0 0 0 0 12.1', kind: 'line' },
    { d: 'M9.6 14.05a6.25 6.25 0 0 0 0-12.1', kind: 'line' },
    { d: 'M8.6 4.6 6.9 8h2.2L7.4 11.4', kind: 'line' },
  ],
  slash: [
    { d: CIRCLE, kind: 'line' },
    { d: 'M12.2 3.8l-8.4 8.4', kind: 'line' },
  ],
} as const satisfies Record<string, readonly GlyphPart[]>

export type GlyphName = keyof typeof GLYPHS

/** The glyph as a stand-alone SVG, for the favicon of a run page. */
export const glyphSvg = (name: GlyphName, colour: string): string => {
  const paths = (GLYPHS[name] as readonly GlyphPart[]).map((part) => {
    if (part.kind === 'fill') return `<path d="${part.d}" fill="${colour}"/>`
    const stroke = part.kind === 'cut' ? '#fff' : colour
    const dash = part.dash ? ` stroke-dasharray="${part.dash}"` : ''
    return `<path d="${part.d}" fill="none" stroke="${stroke}" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"${dash}${part.faint ? ' opacity=".3"' : ''}/>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">${paths.join('')}</svg>`
}
