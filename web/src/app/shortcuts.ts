import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { keptSearch } from './frame-search.ts'
import { useMoment, useSiteId } from './moment.ts'
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

/** `g` and the key of a page to that page, `n` to now, `?` to the help; silent while somebody types. */
export function useShortcuts(onHelp: () => void): void {
  const navigate = useNavigate()
  const site = useSiteId()
  const { move } = useMoment()
  const latest = useRef({ onHelp, move })
  latest.current = { onHelp, move }
  /** When `g` was pressed; kept while the page draws itself anew between the two keys. */
  const goingSince = useRef(Number.NEGATIVE_INFINITY)
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return
      const going = event.timeStamp - goingSince.current < chordMs
      goingSince.current = event.key === 'g' ? event.timeStamp : Number.NEGATIVE_INFINITY
      const page = going ? pages.find(({ key }) => key === event.key) : undefined
      if (event.key === '?') latest.current.onHelp()
      else if (page) void navigate({ to: '/sites/$site/$verb', params: { site, verb: page.id }, search: keptSearch })
      else if (event.key === 'n') latest.current.move(undefined)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [navigate, site])
}
