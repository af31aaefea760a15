import { useRuns } from '../api/queries.ts'
import { dayAndTime } from '../format/times.ts'
import { Failure, Skeleton } from '../ui/states.tsx'
import { useWords } from '../words/words.ts'
import './run-list.css'

interface RunListProps {
  readonly site: string
  /** IANA time zone of the site. */
  readonly zone: string
}

/** Runs of a site, newest first, each with its evidence. */
export function RunList({ site, zone }: RunListProps) {
  const { say, language } = useWords()
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useRuns(site)
  if (error) return <Failure error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton height={320} />
  const runs = data.pages.flatMap((page) => page.runs)
  if (runs.length === 0) return <p>{say('runs.none')}</p>
  return (
    <>
      <table className="run-list">
        <caption>{say('runs.title')}</caption>
        <thead>
          <tr>
            <th scope="col">{say('runs.time')}</th>
            <th scope="col">{say('runs.engine')}</th>
            <th scope="col">{say('plan.evidence')}</th>
          </tr>
        </thead>
        <tbody>
          {runs.map(({ id, engine, clockMs }) => (
            <tr key={id}>
              <td>
                <time dateTime={new Date(clockMs).toISOString()}>{dayAndTime(clockMs, zone, language)}</time>
              </td>
              <td>{engine}</td>
              <td>
                <a href={`/api/v1/runs/${encodeURIComponent(id)}`}>
                  <code>{id.slice(0, 16)}</code>
                </a>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {hasNextPage && (
        <button type="button" className="button" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {say('runs.older')}
        </button>
      )}
    </>
  )
}
