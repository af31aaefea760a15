import { Link } from '@tanstack/react-router'
import { dayAndTime } from '../format/times.ts'
import { Panel } from '../ui/panel.tsx'
import { Skeleton } from '../ui/states.tsx'
import { useWords } from '../words/words.ts'
import { useSizings } from './sizing-queries.ts'

interface EarlierRunsProps {
  readonly site: string
  readonly zone: string
  readonly shown: string | undefined
}

const most = 8

/** Sizings of this site, newest first, each a link. */
export function EarlierRuns({ site, zone, shown }: EarlierRunsProps) {
  const { say, language } = useWords()
  const { data, error } = useSizings(site)
  return (
    <Panel title={say('sizing.earlier')} className="sizing-earlier">
      {error && <p className="sizing-wrong">{error.message}</p>}
      {!data && !error && <Skeleton height={96} />}
      {data?.length === 0 && <p className="quiet">{say('sizing.earlierNone')}</p>}
      <ol>
        {data?.slice(0, most).map(({ id, clockMs }) => (
          <li key={id}>
            <Link to="." search={{ run: id } as object} aria-current={id === shown ? 'true' : undefined}>
              {dayAndTime(clockMs, zone, language)}
            </Link>
            <code>{id.slice(0, 8)}</code>
          </li>
        ))}
      </ol>
    </Panel>
  )
}
