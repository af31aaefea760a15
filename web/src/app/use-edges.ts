import { type RefObject, useEffect } from 'react'

/** Tells the style how high header and time bar are: what stands between them begins and ends there. */
export function useEdges(shell: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = shell.current
    if (!element) return
    const observer = new ResizeObserver((entries) => {
      for (const { target } of entries) {
        const name = target.tagName === 'FOOTER' ? '--time-bar-height' : '--header-height'
        element.style.setProperty(name, `${target.getBoundingClientRect().height}px`)
      }
    })
    const look = (): void => {
      for (const edge of element.querySelectorAll(':scope > header, :scope > footer')) observer.observe(edge)
    }
    look()
    const changes = new MutationObserver(look)
    changes.observe(element, { childList: true })
    return () => {
      observer.disconnect()
      changes.disconnect()
    }
  }, [shell])
}
