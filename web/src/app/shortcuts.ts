import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useSiteId } from './moment.ts'

/** How long `g` waits for the letter of a page. */
const chordMs = 1200

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || ['INPUT', 'SELECT', 'TEXTAREA'].includes(target.tagName))

/** `g p` to the park, `g l` to the plan, `g a` to the alarms, `g f` to the field, `g c` to carbon, `n` to now, `?` to the help; silent while somebody types. */
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
      if (event.key === '?') help.current()
      else if (going && event.key === 'p') void navigate({ to: '/sites/$site/park', params: { site }, search: keep })
      else if (going && event.key === 'l') void navigate({ to: '/sites/$site/plan', params: { site }, search: keep })
      else if (going && event.key === 'a') void navigate({ to: '/sites/$site/alarms', params: { site }, search: keep })
      else if (going && event.key === 'f') void navigate({ to: '/sites/$site/field', params: { site }, search: keep })
      else if (going && event.key === 'c') void navigate({ to: '/sites/$site/carbon', params: { site }, search: keep })
      else if (event.key === 'n') void navigate({ to: '.', search: {}, replace: true })
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [navigate, site])
}
