import { useRouterState } from '@tanstack/react-router'
import type { Site } from '../api/types.ts'
import { dayYearAndTime } from '../format/times.ts'
import { useWords } from '../words/words.ts'
import { useMoment, useMomentWord } from './moment.ts'
import { placeOf } from './pages.ts'
import { viewLink } from './view-link.ts'

/** On paper only: what this is, of which site and moment, and where it can be seen again. */
export function PrintFoot({ site }: { readonly site: Site }) {
  const { say, knows, language } = useWords()
  const { timestampMs } = useMoment()
  const word = useMomentWord(site.id)
  const href = useRouterState({ select: ({ location: { href: path } }) => path })
  const { page } = placeOf(href.split('?')[0] ?? '')
  const key = `page.${page}`
  return (
    <div className="print-foot" aria-hidden>
      <strong>{knows(key) ? say(key) : page}</strong>
      <span>{site.name}</span>
      <span>
        {dayYearAndTime(timestampMs, site.zone, language)} ({site.zone}), {say(`time.${word}`)}
      </span>
      <span>{viewLink(new URL(href, location.href).href, timestampMs)}</span>
    </div>
  )
}
