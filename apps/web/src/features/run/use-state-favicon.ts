'use client'

import type { StateName } from '@towline/contract/states'
import { useEffect } from 'react'
import { glyphSvg } from '../../ui/state/glyphs.ts'
import { STATE_LOOK } from '../../ui/state/state-look.ts'

/** The tab of a run page shows the state of the run, in the colours of a light page: browsers draw tabs on their own ground. */
const COLOURS = {
  grey: '#77777f',
  amber: '#c67a00',
  violet: '#7a5ae0',
  blue: '#2a74ea',
  yellow: '#b08c00',
  green: '#1f9a50',
  red: '#dd3a40',
  orange: '#dd5d14',
}

export const useStateFavicon = (state: StateName | undefined): void => {
  useEffect(() => {
    if (!state) return
    const look = STATE_LOOK[state]
    const link = document.createElement('link')
    link.rel = 'icon'
    link.type = 'image/svg+xml'
    link.href = `data:image/svg+xml,${encodeURIComponent(glyphSvg(look.glyph, COLOURS[look.tone]))}`
    const others = [...document.querySelectorAll<HTMLLinkElement>('link[rel="icon"]')]
    for (const other of others) other.disabled = true
    const rels = others.map((other) => other.rel)
    for (const other of others) other.rel = 'icon-hidden'
    document.head.append(link)
    return () => {
      link.remove()
      others.forEach((other, index) => {
        other.rel = rels[index] ?? 'icon'
        other.disabled = false
      })
    }
  }, [state])
}
