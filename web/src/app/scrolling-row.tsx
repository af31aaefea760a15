import { type ReactNode, useEffect, useRef, useState } from 'react'

interface ScrollingRowProps {
  readonly label: string
  readonly className: string
  readonly children: ReactNode
}

/** Links in one row that never wraps: where they need more room it scrolls, and its edge fades towards what is out of sight. */
export function ScrollingRow({ label, className, children }: ScrollingRowProps) {
  const row = useRef<HTMLElement>(null)
  const [more, setMore] = useState('')
  useEffect(() => {
    const element = row.current
    if (!element) return
    const look = (): void => {
      const { scrollLeft, clientWidth, scrollWidth } = element
      const before = Math.abs(scrollLeft) > 2
      const after = scrollWidth - clientWidth - Math.abs(scrollLeft) > 2
      setMore(before && after ? 'both' : before ? 'before' : after ? 'after' : '')
    }
    const resizing = new ResizeObserver(look)
    resizing.observe(element)
    element.addEventListener('scroll', look, { passive: true })
    return () => {
      resizing.disconnect()
      element.removeEventListener('scroll', look)
    }
  }, [])
  useEffect(() => {
    // Only sideways: the page itself must not move.
    const element = row.current
    const current = element?.querySelector<HTMLElement>('[aria-current]')
    if (!element || !current) return
    const left = current.offsetLeft - (element.clientWidth - current.offsetWidth) / 2
    if (element.scrollWidth > element.clientWidth) element.scrollTo({ left })
  })
  return (
    <nav ref={row} className={`${className} scrolling-row`} aria-label={label} data-more={more}>
      {children}
    </nav>
  )
}
