import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useSiteId } from './moment.ts'
import { pages } from './pages.ts'

/** How long `g` waits for the letter of a page. */
const chordMs = 1200

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || ['INPUT', 'SELECT', 'TEXTAREA'].includes(target.tagName))

/** `g` and the key of a page to that page, `n` to now, `?` to the help; silent while somebody types. */
export function useShortcuts(onHelp: () => void): void {
  const navigate = useNavigate()
  const site = useSiteId()
  const help = useRef(onHelp)
  useEffect(() => {
    help.current = onHelp
  })
  /** When `g` was pressed; kept while the page draws itself anew between the two keys. */
  const goingSince = useRef(Number.NEGATIVE_INFINITY)
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return
      const going = event.timeStamp - goingSince.current < chordMs
      goingSince.current = event.key === 'g' ? event.timeStamp : Number.NEGATIVE_INFINITY
      const keep = (search: { readonly at?: number }) => search
      const page = going ? pages.find(({ key }) => key === event.key) : undefined
      if (event.key === '?') help.current()
      else if (page) void navigate({ to: '/sites/$site/$verb', params: { site, verb: page.id }, search: keep })
      else if (event.key === 'n') void navigate({ to: '.', search: ({ at: _, ...others }) => others, replace: true })
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [navigate, site])
}
