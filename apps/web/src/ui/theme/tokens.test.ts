import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { contrast, mix } from './contrast.ts'

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8')

const tokensOf = (theme: string): Record<string, string> => {
  const block = css.slice(css.search(new RegExp(`\\[data-theme=.${theme}.\\]`))).match(/\{([^}]*)\}/)?.[1] ?? ''
  return Object.fromEntries([...block.matchAll(/--([a-z-]+):\s*(#[0-9a-f]{6})/g)].map((match) => [match[1], match[2]] as [string, string]))
}

const themes = { light: tokensOf('light'), dark: tokensOf('dark') }
const grounds = ['ground', 'sunken', 'raised', 'hover', 'selection'] as const
const texts = ['text', 'muted', 'faint', 'accent'] as const
const tones = ['grey', 'amber', 'violet', 'blue', 'yellow', 'green', 'red', 'orange'] as const

describe.each(Object.entries(themes))('the %s theme', (_name, tokens) => {
  const colour = (token: string): string => {
    const value = tokens[token]
    if (!value) throw new Error(`no token --${token}`)
    return value
  }

  it.each(texts.flatMap((text) => grounds.map((ground) => [text, ground] as const)))('has AA contrast for %s on %s', (text, ground) => {
    expect(contrast(colour(text), colour(ground))).toBeGreaterThanOrEqual(4.5)
  })

  it.each(tones.flatMap((tone) => grounds.map((ground) => [tone, ground] as const)))(
    'has AA contrast for the state colour %s on %s',
    (tone, ground) => {
      expect(contrast(colour(tone), colour(ground))).toBeGreaterThanOrEqual(4.5)
    },
  )

  it.each(tones)('has AA contrast for %s on its own tint, as badges and notices use it', (tone) => {
    expect(contrast(colour(tone), mix(colour(tone), colour('ground'), 0.08))).toBeGreaterThanOrEqual(4.5)
  })

  it('has AA contrast on filled buttons', () => {
    expect(contrast(colour('on-inverse'), colour('inverse'))).toBeGreaterThanOrEqual(4.5)
    expect(contrast(colour('on-accent'), colour('accent'))).toBeGreaterThanOrEqual(4.5)
  })

  it('has edges of fields that can be told from their ground (3:1)', () => {
    expect(contrast(colour('control'), colour('ground'))).toBeGreaterThanOrEqual(3)
  })

  it('defines the same tokens as the other theme', () => {
    expect(Object.keys(themes.light).sort()).toEqual(Object.keys(themes.dark).sort())
  })
})
