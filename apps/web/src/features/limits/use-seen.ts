'use client'

import { type RefObject, useEffect, useRef, useState } from 'react'

/** True from the moment that the element has been near the window: what is costly to ask for is asked for then. */
export const useSeen = <T extends Element>(): [RefObject<T | null>, boolean] => {
  const ref = useRef<T>(null)
  const [seen, setSeen] = useState(false)
  useEffect(() => {
    const element = ref.current
    if (seen || !element) return
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && setSeen(true), { rootMargin: '120px' })
    observer.observe(element)
    return () => observer.disconnect()
  }, [seen])
  return [ref, seen]
}
