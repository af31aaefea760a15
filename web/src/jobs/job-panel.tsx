import { Link } from '@tanstack/react-router'
import { Popover } from 'radix-ui'
import { type RefObject, useState } from 'react'
import { useSites } from '../api/queries.ts'
import { useNowMs } from '../app/moment.ts'
import { ageOf, clockTime } from '../format/times.ts'
import { showPedigree } from '../pedigree/pedigree.ts'
import { useMay } from '../sign-in/session.ts'
import { Progress } from '../ui/progress.tsx'
import { Skeleton } from '../ui/states.tsx'
import { type Tone, ToneMark } from '../ui/tone.tsx'
import { useWords } from '../words/words.ts'
import { engineTitle } from './engine-title.ts'
import { isOver, type Job, leftMs, replayedRun, sizingSearch } from './job.ts'
import { jobs, useJobs } from './jobs.ts'
import './jobs.css'

interface JobPanelProps {
  readonly anchor: RefObject<HTMLButtonElement | null>
  onClose(): void
}

/** The jobs under their badge: running ones with a way to stop them, ended ones with what they gave. */
export function JobPanel({ anchor, onClose }: JobPanelProps) {
  const { say } = useWords()
  const { jobs: shown, lost } = useJobs()
  return (
    <Popover.Root open onOpenChange={(open) => !open && onClose()}>
      <Popover.Anchor virtualRef={anchor as RefObject<HTMLButtonElement>} />
      <Popover.Portal>
        <Popover.Content
          className="ui-float jobs"
          aria-label={say('jobs.title')}
          align="end"
          sideOffset={6}
          collisionPadding={8}
          onInteractOutside={(event) => anchor.current?.contains(event.target as Node) && event.preventDefault()}
          onCloseAutoFocus={(event) => {
            event.preventDefault()
            anchor.current?.focus()
          }}
        >
          <h2>{say('jobs.title')}</h2>
          {lost && <p className="notice">{say('jobs.lost')}</p>}
          {shown === undefined && !lost && <Skeleton height={88} />}
          {shown?.length === 0 && <p className="quiet">{say('jobs.none')}</p>}
          <ul>
            {shown?.map((job) => (
              <JobLine key={job.id} job={job} onLeave={onClose} />
            ))}
          </ul>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

const tones: Readonly<Record<Job['state'], Tone>> = {
  queued: 'stale',
  running: 'advisory',
  interrupted: 'warning',
  done: 'good',
  failed: 'alarm',
  cancelled: 'stale',
}

function JobLine({ job, onLeave }: { readonly job: Job; onLeave(): void }) {
  const words = useWords()
  const { say, language } = words
  const nowMs = useNowMs(1000)
  const { data: sites = [] } = useSites()
  const may = useMay('plan', job.site ?? '')
  const [problem, setProblem] = useState<string>()
  const [stopping, setStopping] = useState(false)
  const site = sites.find(({ id }) => id === job.site)
  const left = leftMs(job, nowMs)
  const replayed = replayedRun(job.engine)
  const sizing = sizingSearch(job)
  const title = replayed ? say('jobs.replayOf', { run: replayed.slice(0, 12) }) : engineTitle(words, job.engine)
  const failure = problem ?? (job.state === 'failed' ? job.problem?.detail : undefined)
  const cancel = async (): Promise<void> => {
    setStopping(true)
    setProblem(undefined)
    try {
      await jobs.cancel(job.id)
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error))
    }
    setStopping(false)
  }
  const leftWords = (ms: number): string => {
    const { count, unit } = ageOf(ms)
    return say('jobs.left', { time: say(`age.${unit}`, { count }) })
  }
  return (
    <li className="job" data-state={job.state}>
      <div className="job-head">
        <strong title={job.engine}>{title}</strong>
        <ToneMark tone={tones[job.state]}>{say(`jobs.state.${job.state}`)}</ToneMark>
      </div>
      <p className="job-facts">
        {site && <span title={site.name}>{site.name}</span>}
        <span>{clockTime(job.createdMs, site?.zone ?? 'UTC', language)}</span>
        {!isOver(job) && <span title={job.progress.message}>{job.progress.message}</span>}
        {left !== undefined && <span>{leftWords(left)}</span>}
      </p>
      {!isOver(job) && (
        <Progress
          label={say('jobs.progress', { engine: title })}
          share={job.state === 'running' && job.progress.fraction > 0 ? job.progress.fraction : undefined}
        />
      )}
      {failure !== undefined && <p className="problem">{failure}</p>}
      <div className="job-do">
        {sizing && job.site !== null && (
          <Link
            to="/sites/$site/sizing"
            params={{ site: job.site }}
            search={sizing as object}
            className="button"
            onClick={onLeave}
          >
            {say('jobs.open', { page: say('page.sizing') })}
          </Link>
        )}
        {!isOver(job) && (
          <button
            type="button"
            className="button"
            disabled={stopping || (job.site !== null && !may)}
            title={job.site !== null && !may ? say('jobs.mayNot') : undefined}
            aria-label={say('jobs.cancelOf', { engine: title })}
            onClick={() => void cancel()}
          >
            {say('jobs.cancel')}
          </button>
        )}
        {job.evidence !== null && (
          <button
            type="button"
            className="button"
            aria-label={say('jobs.resultOf', { engine: title })}
            onClick={() => {
              onLeave()
              showPedigree({ kind: 'run', run: job.evidence ?? '', title })
            }}
          >
            {say('jobs.result')}
          </button>
        )}
      </div>
    </li>
  )
}
