import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError } from '../api/client.ts'
import { useSite } from '../api/queries.ts'
import type { ListedRun } from '../api/types.ts'
import { useSiteId } from '../app/moment.ts'
import { dayAndTime } from '../format/times.ts'
import { Panel } from '../ui/panel.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { Failure, Skeleton } from '../ui/states.tsx'
import { runAbout } from '../verify/run-about.ts'
import { ReplayButton } from '../verify/run-drawer.tsx'
import { reportAddress, useEngines, useEvidence, useRunsOfEngines } from '../verify/run-evidence.ts'
import { useRunInAddress } from '../verify/use-run-in-address.ts'
import { type UsedWords, useWords } from '../words/words.ts'
import {
  nothingToReport,
  type ReportLanguage,
  reportFormats,
  reportLanguage,
  reportLanguages,
} from './report-choice.ts'
import '../verify/runs.css'
import './reports.css'

/** Runs as documents for people: chosen, looked at here, and taken along in four forms and three languages. */
export function ReportsPage() {
  const { say } = useWords()
  const siteId = useSiteId()
  const site = useSite(siteId)
  const engines = useEngines()
  const reported = engines.data?.filter(({ report }) => report).map(({ id }) => id) ?? []
  const runs = useRunsOfEngines(siteId, reported)
  const [shown, show] = useRunInAddress()
  const error = site.error ?? engines.error ?? runs.error
  const chosen = shown ?? runs.data?.[0]?.id
  return (
    <div className="reports">
      <header className="reports-head">
        <h1>{say('page.reports')}</h1>
        <p className="quiet">{say('reports.why')}</p>
      </header>
      {error ? (
        <Failure error={error} retry={() => void runs.refetch()} />
      ) : !site.data || !engines.data || (reported.length > 0 && !runs.data) ? (
        <Skeleton height={560} />
      ) : (
        <div className="reports-desk">
          <Panel title={say('reports.runs')}>
            {runs.data && runs.data.length > 0 ? (
              <ReportList runs={runs.data} zone={site.data.zone} chosen={chosen} onChoose={show} />
            ) : (
              <p className="quiet">{say('reports.none')}</p>
            )}
            <details className="reports-others">
              <summary>{say('reports.others')}</summary>
              <p className="quiet">{say('reports.othersWhy')}</p>
              <ul>
                {nothingToReport(engines.data).map((id) => (
                  <li key={id}>
                    <code>{id}</code>
                  </li>
                ))}
              </ul>
            </details>
          </Panel>
          {chosen !== undefined && <Report key={chosen} site={siteId} id={chosen} zone={site.data.zone} />}
        </div>
      )}
    </div>
  )
}

const titleOf = (engine: string, { say, knows }: Pick<UsedWords, 'say' | 'knows'>): string => {
  const key = `reports.of.${engine}`
  return knows(key) ? say(key) : engine
}

interface ReportListProps {
  readonly runs: readonly ListedRun[]
  readonly zone: string
  readonly chosen: string | undefined
  onChoose(id: string): void
}

function ReportList({ runs, zone, chosen, onChoose }: ReportListProps) {
  return (
    <ul className="reports-list">
      {runs.map((run) => (
        <ReportItem key={run.id} run={run} zone={zone} isChosen={run.id === chosen} onChoose={() => onChoose(run.id)} />
      ))}
    </ul>
  )
}

interface ReportItemProps {
  readonly run: ListedRun
  readonly zone: string
  readonly isChosen: boolean
  onChoose(): void
}

/** A report by what it is about: two of one kind differ in their time and organisation. */
function ReportItem({ run: { id, engine, clockMs }, zone, isChosen, onChoose }: ReportItemProps) {
  const words = useWords()
  const about = runAbout(useEvidence(id).data?.output, words.language)
  return (
    <li>
      <button type="button" aria-current={isChosen} onClick={onChoose}>
        <strong>{titleOf(engine, words)}</strong>
        <span className="reports-about" title={about}>
          {about || '…'}
        </span>
        <span>{dayAndTime(clockMs, zone, words.language)}</span>
        <code>{id.slice(0, 12)}</code>
      </button>
    </li>
  )
}

interface ReportProps {
  readonly site: string
  readonly id: string
  readonly zone: string
}

function Report({ site, id, zone }: ReportProps) {
  const words = useWords()
  const { say } = words
  const run = useEvidence(id)
  const [language, setLanguage] = useState<ReportLanguage>(reportLanguage(words.language))
  const address = reportAddress(id, 'html', language)
  const page = useQuery({
    queryKey: ['report', id, language],
    queryFn: async ({ signal }): Promise<string> => {
      const answer = await fetch(address, { signal })
      if (answer.ok) return answer.text()
      throw new ApiError(await answer.json())
    },
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
  const title = run.data ? titleOf(run.data.engine, words) : say('page.reports')
  return (
    <Panel
      title={title}
      className="reports-shown"
      actions={
        <>
          <Segmented
            label={say('reports.language')}
            options={reportLanguages.map((one) => ({ id: one, title: say(`reports.language.${one}`) }))}
            value={language}
            onChange={(one) => setLanguage(one)}
          />
          {reportFormats.map((format) => (
            <a
              key={format}
              className="button"
              href={reportAddress(id, format, language)}
              download={`report-${id.slice(0, 12)}-${language}.${format}`}
            >
              {say('reports.take', { format: format.toUpperCase() })}
            </a>
          ))}
        </>
      }
    >
      {page.error ? (
        <Failure error={page.error} retry={() => void page.refetch()} />
      ) : page.data === undefined ? (
        <Skeleton height={640} />
      ) : (
        // A report is a document: it may run nothing and ask for nothing.
        <iframe className="reports-page" sandbox="" srcDoc={page.data} title={say('reports.preview', { title })} />
      )}
      <section className="reports-verify" aria-label={say('reports.verifier')}>
        <h3>{say('reports.verifier')}</h3>
        <ol>
          <li>{say('reports.verifier.same')}</li>
          <li>{say('reports.verifier.replay')}</li>
          <li>{say('reports.verifier.factors')}</li>
        </ol>
        <dl className="run-facts">
          <div>
            <dt>{say('reports.run.id')}</dt>
            <dd>
              <code>{id}</code>
            </dd>
          </div>
          <div>
            <dt>{say('reports.run.outputHash')}</dt>
            <dd>
              <code>{run.data?.outputSha256 ?? '…'}</code>
            </dd>
          </div>
          <div>
            <dt>{say('reports.run.clock')}</dt>
            <dd>{run.data ? dayAndTime(run.data.clockMs, zone, words.language) : '…'}</dd>
          </div>
        </dl>
        <pre className="sample">{`mangrove replay ${id}`}</pre>
        <ReplayButton site={site} id={id} />
      </section>
    </Panel>
  )
}
