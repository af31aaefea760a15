import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { ListedRun } from '../api/types.ts'
import { dayAndTime } from '../format/times.ts'
import { useMay } from '../sign-in/session.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Failure, Skeleton } from '../ui/states.tsx'
import { ToneMark } from '../ui/tone.tsx'
import { useWords } from '../words/words.ts'
import { differencesOf, shortText, summaryOf } from './differences.ts'
import { type Evidence, replayRun, useEvidence } from './run-evidence.ts'

interface RunDrawerProps {
  readonly site: string
  readonly zone: string
  readonly id: string
  /** Runs that it can be held against: those of the list. */
  readonly others: readonly ListedRun[]
  onClose(): void
}

/** One run: what it was given, what it read, what it gave; run again; held against another. */
export function RunDrawer({ site, zone, id, others, onClose }: RunDrawerProps) {
  const { say } = useWords()
  const { data, error, refetch } = useEvidence(id)
  return (
    <Dialog shape="drawer" title={data?.engine ?? say('page.runs')} onClose={onClose}>
      {error ? (
        <Failure error={error} retry={() => void refetch()} />
      ) : data ? (
        <Opened {...{ site, zone, others }} run={data} />
      ) : (
        <Skeleton height={480} />
      )}
    </Dialog>
  )
}

interface OpenedProps {
  readonly site: string
  readonly zone: string
  readonly run: Evidence
  readonly others: readonly ListedRun[]
}

function Opened({ site, zone, run, others }: OpenedProps) {
  const { say, language } = useWords()
  const facts = [
    [say('reports.run.id'), run.id],
    [say('reports.run.version'), run.engineVersion],
    [say('reports.run.clock'), dayAndTime(run.clockMs, zone, language)],
    [say('reports.run.seed'), String(run.seed)],
    [say('reports.run.inputHash'), run.inputSha256],
    [say('reports.run.outputHash'), run.outputSha256],
  ] as const
  return (
    <div className="run-evidence">
      <dl className="run-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{/^[0-9a-f]{64}$/.test(value) ? <code>{value}</code> : value}</dd>
          </div>
        ))}
      </dl>
      <ReplayButton site={site} id={run.id} />
      <section aria-label={say('reports.run.output')}>
        <h3>{say('reports.run.output')}</h3>
        <Values of={run.output} />
      </section>
      <section aria-label={say('reports.run.input')}>
        <h3>{say('reports.run.input')}</h3>
        <Values of={run.input} />
      </section>
      <details>
        <summary>{say('reports.run.readings', { number: run.readings.length })}</summary>
        <ul className="run-readings">
          {run.readings.slice(0, 100).map(({ kind, request, sha256 }, k) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the readings of a run never change
            <li key={k}>
              {kind} <code>{shortText(request)}</code> <code>{sha256.slice(0, 16)}</code>
            </li>
          ))}
        </ul>
      </details>
      <Comparison
        run={run}
        zone={zone}
        others={others.filter((one) => one.engine === run.engine && one.id !== run.id)}
      />
      <p>
        <a href={`/api/v1/runs/${encodeURIComponent(run.id)}`}>{say('reports.run.whole')}</a>
      </p>
    </div>
  )
}

const Values = ({ of }: { readonly of: unknown }) => (
  <dl className="run-values">
    {summaryOf(of).map(({ name, value }) => (
      <div key={name}>
        <dt>
          <code>{name}</code>
        </dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
)

/** Runs it again from its evidence alone and says whether the bytes are the same. */
export function ReplayButton({ site, id }: { readonly site: string; readonly id: string }) {
  const { say } = useWords()
  const may = useMay('replay', site)
  const replay = useMutation({ mutationFn: () => replayRun(id) })
  return (
    <div className="run-replay">
      <button
        type="button"
        className="button"
        disabled={!may || replay.isPending}
        title={may ? undefined : say('reports.run.mayNot')}
        onClick={() => replay.mutate()}
      >
        {say(replay.isPending ? 'reports.run.replaying' : 'reports.run.replay')}
      </button>
      <span aria-live="polite">
        {replay.data && (
          <ToneMark tone={replay.data.identical ? 'good' : 'alarm'}>
            {say(replay.data.identical ? 'reports.run.identical' : 'reports.run.differs', {
              number: replay.data.differences.length,
            })}
          </ToneMark>
        )}
      </span>
      {replay.error && (
        <p className="dialog-problem" role="alert">
          {replay.error.message}
        </p>
      )}
      {!may && <p className="quiet">{say('reports.run.mayNot')}</p>}
    </div>
  )
}

interface ComparisonProps {
  readonly run: Evidence
  readonly zone: string
  readonly others: readonly ListedRun[]
}

function Comparison({ run, zone, others }: ComparisonProps) {
  const { say, language } = useWords()
  const [chosen, setChosen] = useState('')
  const other = useEvidence(chosen === '' ? undefined : chosen)
  const found =
    other.data &&
    differencesOf({ input: run.input, output: run.output }, { input: other.data.input, output: other.data.output })
  return (
    <section className="run-comparison" aria-label={say('reports.run.compare')}>
      <h3>{say('reports.run.compare')}</h3>
      {others.length === 0 ? (
        <p className="quiet">{say('reports.run.alone')}</p>
      ) : (
        <select
          className="select"
          aria-label={say('reports.run.other')}
          value={chosen}
          onChange={({ target }) => setChosen(target.value)}
        >
          <option value="">{say('reports.run.other')}</option>
          {others.map(({ id, clockMs }) => (
            <option key={id} value={id}>
              {dayAndTime(clockMs, zone, language)} · {id.slice(0, 8)}
            </option>
          ))}
        </select>
      )}
      {other.error && <Failure error={other.error} />}
      {found && found.length === 0 && <p>{say('reports.run.same')}</p>}
      {found && found.length > 0 && (
        <div className="wide-table">
          <table className="data-table">
            <caption>{say('reports.run.differences', { number: found.length })}</caption>
            <thead>
              <tr>
                <th scope="col">{say('reports.run.place')}</th>
                <th scope="col">{say('reports.run.this')}</th>
                <th scope="col">{say('reports.run.that')}</th>
              </tr>
            </thead>
            <tbody>
              {found.slice(0, 60).map(({ path, one, other: is }) => (
                <tr key={path}>
                  <td>
                    <code>{path}</code>
                  </td>
                  <td>{shortText(one)}</td>
                  <td>{shortText(is)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}
