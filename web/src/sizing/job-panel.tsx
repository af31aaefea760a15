import { useEffect } from 'react'
import { isOver } from '../jobs/job.ts'
import { useJob } from '../jobs/use-job.ts'
import { useMay } from '../sign-in/session.ts'
import { Panel } from '../ui/panel.tsx'
import { Progress } from '../ui/progress.tsx'
import { Failure, Skeleton } from '../ui/states.tsx'
import { ToneMark } from '../ui/tone.tsx'
import { useWords } from '../words/words.ts'
import { stageOf } from './stages.ts'

interface JobPanelProps {
  readonly site: string
  readonly id: string
  onDone(evidence: string): void
  onAgain(): void
}

/** A sizing on its way: how far it is, what it does, and how to stop it. */
export function JobPanel({ site, id, onDone, onAgain }: JobPanelProps) {
  const { say } = useWords()
  const may = useMay('plan', site)
  const { job, error, connected, retry, cancel } = useJob(id)
  const evidence = job?.state === 'done' ? job.evidence : undefined
  useEffect(() => {
    if (evidence) onDone(evidence)
  }, [evidence, onDone])
  if (error && !job) return <Failure error={error} retry={retry} />
  if (!job) return <Skeleton height={220} />
  const running = !isOver(job)
  const stage = job.state === 'running' ? stageOf(job.progress.fraction) : job.state
  return (
    <Panel title={say('sizing.job')} className="sizing-job">
      <p className="sizing-state" role="status">
        {running ? (
          <b>{say(`sizing.stage.${stage}`)}</b>
        ) : (
          <ToneMark tone={job.state === 'done' ? 'good' : job.state === 'failed' ? 'alarm' : 'stale'}>
            {say(`sizing.stage.${stage}`)}
          </ToneMark>
        )}
      </p>
      <Progress label={say('sizing.job')} share={job.state === 'queued' ? undefined : job.progress.fraction} />
      <p className="quiet" lang="en">
        {job.progress.message}
      </p>
      {!connected && running && <p className="quiet">{say('sizing.jobBroken')}</p>}
      {job.problem && <p className="sizing-wrong">{job.problem.detail}</p>}
      {error && <p className="sizing-wrong">{error.message}</p>}
      <div className="panel-actions">
        {running ? (
          <button type="button" className="button" disabled={!may} onClick={cancel}>
            {say('sizing.cancel')}
          </button>
        ) : (
          <button type="button" className="button" onClick={onAgain}>
            {say('sizing.new')}
          </button>
        )}
      </div>
      {running && <p className="quiet">{say('sizing.jobSays')}</p>}
    </Panel>
  )
}
