import { type RefObject, useEffect, useRef, useState } from 'react'

/** Width of an element in CSS pixels, kept up to date; 0 before it is laid out. */
export function useWidth<E extends HTMLElement>(): readonly [RefObject<E | null>, number] {
  const element = useRef<E>(null)
  const [widthPx, setWidthPx] = useState(0)
  useEffect(() => {
    const watched = element.current
    if (!watched) return
    const observer = new ResizeObserver(() => setWidthPx(watched.clientWidth))
    observer.observe(watched)
    setWidthPx(watched.clientWidth)
    return () => observer.disconnect()
  }, [])
  return [element, widthPx]
}
