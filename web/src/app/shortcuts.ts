import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import type { FrameActions } from './frame-actions.ts'
import { keptSearch } from './frame-search.ts'
import { useSiteId } from './moment.ts'
import { pages } from './pages.ts'

/** How long `g` waits for the letter of a page. */
const chordMs = 1200

const untyped = ['range', 'checkbox', 'radio', 'button', 'submit']

/** Whether letters go into what has the focus. */
export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    ['SELECT', 'TEXTAREA'].includes(target.tagName) ||
    (target instanceof HTMLInputElement && !untyped.includes(target.type)))

/** Nothing of the frame is done by a letter while something stands over the page. */
const isCovered = (): boolean => document.querySelector('[role="dialog"][data-state="open"], dialog[open]') !== null

/**
 * `g` and the key of a page to that page, `n` to now, `w` to the wall, `?` to the help; silent while somebody types. The palette
 * opens by ⌘K or Ctrl K from anywhere, and ⌘P or Ctrl P prints as the menu does.
 */
export function useShortcuts(actions: FrameActions & { palette(): void }): void {
  const navigate = useNavigate()
  const site = useSiteId()
  const latest = useRef(actions)
  latest.current = actions
  /** When `g` was pressed; kept while the page draws itself anew between the two keys. */
  const goingSince = useRef(Number.NEGATIVE_INFINITY)
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const held = (event.ctrlKey || event.metaKey) && !event.shiftKey ? event.key.toLowerCase() : undefined
      // The browser's own printing would not wait until charts are drawn for paper.
      const act = held === 'k' ? latest.current.palette : held === 'p' ? latest.current.print : undefined
      if (act) {
        event.preventDefault()
        act()
        return
      }
      if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey || isCovered()) return
      const going = event.timeStamp - goingSince.current < chordMs
      goingSince.current = event.key === 'g' ? event.timeStamp : Number.NEGATIVE_INFINITY
      const page = going ? pages.find(({ key }) => key === event.key) : undefined
      if (event.key === '?') latest.current.help()
      else if (page) void navigate({ to: '/sites/$site/$verb', params: { site, verb: page.id }, search: keptSearch })
      else if (event.key === 'n') latest.current.now()
      else if (event.key === 'w') latest.current.wall()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [navigate, site])
}
