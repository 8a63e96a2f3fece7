'use client'

import { useEffect, useState } from 'react'

/**
 * False once the tab has been hidden for `graceMs`. Browsers allow six connections to one plain-http host, over all
 * tabs: streams of tabs that nobody looks at would starve the one in front.
 */
export const useVisible = (graceMs: number): boolean => {
  const [visible, setVisible] = useState(true)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = () => {
      clearTimeout(timer)
      if (document.hidden) timer = setTimeout(() => setVisible(false), graceMs)
      else setVisible(true)
    }
    look()
    document.addEventListener('visibilitychange', look)
    return () => {
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', look)
    }
  }, [graceMs])
  return visible
}
