import { useState } from 'react'
import { useSite } from '../api/queries.ts'
import { useSiteId } from '../app/moment.ts'
import { dayAndTime } from '../format/times.ts'
import { engineTitle } from '../jobs/engine-title.ts'
import { DataTable } from '../ui/data-table.tsx'
import { Failure, Skeleton } from '../ui/states.tsx'
import { useWords } from '../words/words.ts'
import { RunDrawer } from './run-drawer.tsx'
import { everyRun, type RunFilter, useEngines, useRunPages } from './run-evidence.ts'
import { useRunInAddress } from './use-run-in-address.ts'
import './runs.css'

/** What every number of the site stands on: its runs, each with its evidence. */
export function RunsPage() {
  const words = useWords()
  const { say, language } = words
  const siteId = useSiteId()
  const site = useSite(siteId)
  const engines = useEngines()
  const [filter, setFilter] = useState<RunFilter>(everyRun)
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useRunPages(siteId, filter)
  const [shown, show] = useRunInAddress()
  const set = (part: Partial<RunFilter>): void => setFilter({ ...filter, ...part })
  const runs = data?.pages.flatMap((page) => page.runs) ?? []
  const zone = site.data?.zone ?? 'UTC'
  return (
    <section className="runs">
      <header>
        <h1>{say('page.runs')}</h1>
        <p className="quiet">{say('verb.verifyNow')}</p>
      </header>
      <search className="runs-filters" aria-label={say('reports.run.find')}>
        <label className="field">
          <span>{say('runs.engine')}</span>
          <select className="select" value={filter.engine} onChange={({ target }) => set({ engine: target.value })}>
            <option value="">{say('reports.run.every')}</option>
            {engines.data?.map(({ id }) => (
              <option key={id} value={id}>
                {engineTitle(words, id)}
              </option>
            ))}
          </select>
        </label>
        <label className="field">
          <span>{say('reports.run.from')}</span>
          <input type="date" value={filter.from} onChange={({ target }) => set({ from: target.value })} />
        </label>
        <label className="field">
          <span>{say('reports.run.to')}</span>
          <input type="date" value={filter.to} onChange={({ target }) => set({ to: target.value })} />
        </label>
      </search>
      {error ? (
        <Failure error={error} retry={() => void refetch()} />
      ) : !data ? (
        <Skeleton height={480} />
      ) : (
        <DataTable
          caption={say('runs.title')}
          rows={runs}
          keyOf={({ id }) => id}
          empty={say('runs.none')}
          columns={[
            {
              id: 'time',
              title: say('runs.time'),
              cell: ({ clockMs }) => (
                <time dateTime={new Date(clockMs).toISOString()}>{dayAndTime(clockMs, zone, language)}</time>
              ),
              sortBy: ({ clockMs }) => clockMs,
            },
            {
              id: 'engine',
              title: say('runs.engine'),
              cell: ({ engine }) => <EngineName engine={engine} />,
              sortBy: ({ engine }) => engineTitle(words, engine),
            },
            {
              id: 'evidence',
              title: say('plan.evidence'),
              cell: ({ id }) => (
                <span className="runs-evidence">
                  <button type="button" className="runs-open" title={id} onClick={() => show(id)}>
                    <code>{id.slice(0, 16)}</code>
                  </button>
                  <a href={`/api/v1/runs/${encodeURIComponent(id)}`}>JSON</a>
                </span>
              ),
            },
          ]}
        />
      )}
      {hasNextPage && (
        <button type="button" className="button" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {say('runs.older')}
        </button>
      )}
      {shown !== undefined && (
        <RunDrawer key={shown} site={siteId} zone={zone} id={shown} others={runs} onClose={() => show(undefined)} />
      )}
    </section>
  )
}

/** What people call it, and its id for who calls it by the API. */
function EngineName({ engine }: { readonly engine: string }) {
  const words = useWords()
  const title = engineTitle(words, engine)
  return (
    <>
      {title} {title !== engine && <code className="quiet">{engine}</code>}
    </>
  )
}
