import { useSite } from '../api/queries.ts'
import { useSiteId } from '../app/moment.ts'
import { Skeleton } from '../ui/states.tsx'
import { useWords } from '../words/words.ts'
import { RunList } from './run-list.tsx'

/** What every number of the site stands on: its runs, each with its evidence. */
export function RunsPage() {
  const { say } = useWords()
  const site = useSiteId()
  const { data } = useSite(site)
  return (
    <section>
      <h1>{say('page.runs')}</h1>
      <p className="quiet">{say('verb.verifyNow')}</p>
      {data ? <RunList site={site} zone={data.zone} /> : <Skeleton height={320} />}
    </section>
  )
}
