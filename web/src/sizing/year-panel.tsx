import { useMutation } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { Site } from '../api/types.ts'
import { jobs } from '../jobs/jobs.ts'
import { useJob } from '../jobs/use-job.ts'
import { useMay } from '../sign-in/session.ts'
import { familyOf } from '../ui/families.ts'
import { Panel } from '../ui/panel.tsx'
import { Progress } from '../ui/progress.tsx'
import { Failure, Skeleton } from '../ui/states.tsx'
import { useWords } from '../words/words.ts'
import type { Design } from './designs.ts'
import { SendProblem } from './send-problem.tsx'
import { type NamedAsset, yearInput, yearSeriesOf } from './site-after.ts'
import { type SizingRun, useYear } from './sizing-queries.ts'
import { YearMap } from './year-map.tsx'

interface YearPanelProps {
  readonly site: Site
  readonly run: SizingRun
  readonly design: Design
  readonly assets: ReadonlyMap<string, NamedAsset>
  /** The run of the year, and the job that makes it. */
  readonly year: string | undefined
  readonly job: string | undefined
  onJob(id: string | undefined): void
  onYear(evidence: string): void
}

/** The year of the chosen design, hour by hour; it is run when asked for. */
export function YearPanel({ site, run, design, assets, year, job, onJob, onYear }: YearPanelProps) {
  const { say } = useWords()
  const may = useMay('plan', site.id)
  const start = useMutation({
    mutationFn: () => jobs.start('energy.simulate', yearInput(run, design)),
    onSuccess: ({ id }) => onJob(id),
  })
  return (
    <Panel title={say('sizing.yearTitle')} className="sizing-year">
      {year !== undefined ? (
        <RunYear id={year} assets={assets} />
      ) : job !== undefined ? (
        <YearJob id={job} onYear={onYear} onGone={() => onJob(undefined)} />
      ) : (
        <>
          <p className="quiet">{say('sizing.yearSays')}</p>
          <div className="panel-actions">
            <button
              type="button"
              className="button"
              disabled={!may || start.isPending}
              title={may ? undefined : say('sizing.mayNot')}
              onClick={() => start.mutate()}
            >
              {say('sizing.yearRun')}
            </button>
          </div>
          {start.error && <SendProblem error={start.error} />}
        </>
      )}
    </Panel>
  )
}

interface YearJobProps {
  readonly id: string
  onYear(evidence: string): void
  onGone(): void
}

function YearJob({ id, onYear, onGone }: YearJobProps) {
  const { say } = useWords()
  const { job, error, cancel } = useJob(id)
  const evidence = job?.state === 'done' ? job.evidence : undefined
  useEffect(() => {
    if (evidence) onYear(evidence)
  }, [evidence, onYear])
  const over = job?.state === 'failed' || job?.state === 'cancelled'
  return (
    <div className="sizing-year-job">
      <Progress label={say('sizing.yearTitle')} share={job?.progress.fraction} />
      {job?.problem && <p className="sizing-wrong">{job.problem.detail}</p>}
      {error && <SendProblem error={error} />}
      <button type="button" className="button" onClick={over || error ? onGone : cancel}>
        {say(over || error ? 'sizing.yearAgain' : 'sizing.cancel')}
      </button>
    </div>
  )
}

function RunYear({ id, assets }: { readonly id: string; readonly assets: ReadonlyMap<string, NamedAsset> }) {
  const { say } = useWords()
  const { data, error, refetch } = useYear(id)
  const [ref, setRef] = useState<string>()
  if (error) return <Failure error={error} retry={() => void refetch()} />
  if (!data) return <Skeleton height={240} />
  const all = yearSeriesOf(data, assets)
  const shown = all.find((one) => one.ref === ref) ?? all[0]
  if (!shown) return <p className="quiet">{say('sizing.yearNone')}</p>
  return (
    <>
      <label className="field sizing-quantity">
        <span>{say('sizing.quantity')}</span>
        <select className="select" value={shown.ref} onChange={({ target }) => setRef(target.value)}>
          {all.map((one) => (
            <option key={one.ref} value={one.ref}>
              {one.asset.title}: {say(`sizing.point.${one.point}`)}
            </option>
          ))}
        </select>
      </label>
      <YearMap
        name={`${shown.asset.title}: ${say(`sizing.point.${shown.point}`)}`}
        values={data.series[shown.ref] ?? []}
        startMs={data.startMs}
        zone={data.zone}
        unit={shown.unit}
        token={familyOf(shown.asset.kind) ?? 'accent'}
      />
      <p className="quiet">{say('sizing.yearRule')}</p>
    </>
  )
}
