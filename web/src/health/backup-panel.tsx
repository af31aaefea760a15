import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { detailOf } from '../api/client.ts'
import { useSite } from '../api/queries.ts'
import { useNowMs, useSiteId } from '../app/moment.ts'
import { ageOf, dayAndTime } from '../format/times.ts'
import { GuideLink } from '../guides/guide-link.tsx'
import { isOver } from '../jobs/job.ts'
import { jobs } from '../jobs/jobs.ts'
import { useJob } from '../jobs/use-job.ts'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Figure } from '../ui/figure.tsx'
import { Panel } from '../ui/panel.tsx'
import { Progress } from '../ui/progress.tsx'
import { Failure, Skeleton } from '../ui/states.tsx'
import { ToneMark } from '../ui/tone.tsx'
import { useWords } from '../words/words.ts'
import { backupTone, bytesText } from './checks.ts'
import { type Backup, startBackup, useBackups } from './health-queries.ts'

/** Backups with the age of the newest, and one made now. */
export function BackupPanel() {
  const { say, language } = useWords()
  const client = useQueryClient()
  const nowMs = useNowMs(10_000)
  const zone = useSite(useSiteId()).data?.zone ?? 'UTC'
  const backups = useBackups()
  const [jobId, setJobId] = useState<string>()
  const [problem, setProblem] = useState<string>()
  const [asking, setAsking] = useState(false)
  const { job } = useJob(jobId)
  const ended = job !== undefined && isOver(job)
  useEffect(() => {
    if (ended) void client.invalidateQueries({ queryKey: ['health-backups'] })
  }, [ended, client])
  const begin = async (): Promise<void> => {
    setAsking(true)
    setProblem(undefined)
    try {
      const { id } = await startBackup()
      jobs.started(id)
      setJobId(id)
    } catch (error) {
      setProblem(detailOf(error))
    } finally {
      setAsking(false)
    }
  }
  const newest = backups.data?.[0]
  const newestMs = newest && Date.parse(newest.created)
  const age = (spanMs: number): string => {
    const { count, unit } = ageOf(spanMs)
    return say(`age.${unit}`, { count })
  }
  const columns: readonly Column<Backup>[] = [
    {
      id: 'name',
      title: say('health.backup'),
      cell: ({ name }) => (
        <span className="health-cut" title={name}>
          {name}
        </span>
      ),
    },
    { id: 'made', title: say('health.made'), cell: ({ created }) => dayAndTime(Date.parse(created), zone, language) },
    {
      id: 'age',
      title: say('health.backupAge'),
      numeric: true,
      sortBy: ({ created }) => -Date.parse(created),
      cell: ({ created }) => age(nowMs - Date.parse(created)),
    },
    { id: 'files', title: say('health.files'), numeric: true, cell: ({ files }) => files },
    {
      id: 'bytes',
      title: say('health.size'),
      numeric: true,
      sortBy: ({ bytes }) => bytes,
      cell: ({ bytes }) => <Figure {...bytesText(bytes)} />,
    },
  ]
  const running = jobId !== undefined && !ended
  return (
    <Panel
      title={say('health.backups')}
      actions={
        <button
          type="button"
          className="button primary"
          disabled={asking || running || backups.data === null || backups.data === undefined}
          title={backups.data === null ? say('health.mayNotBackup') : undefined}
          onClick={() => void begin()}
        >
          {say('health.backupNow')}
        </button>
      }
    >
      {backups.error && !backups.data ? (
        <Failure error={backups.error} retry={() => void backups.refetch()} />
      ) : backups.data === undefined ? (
        <Skeleton height={96} />
      ) : backups.data === null ? (
        <p className="notice">{say('health.mayNotBackup')}</p>
      ) : (
        <>
          <p>
            <ToneMark tone={backupTone(newestMs, nowMs)}>
              {newestMs === undefined
                ? say('health.noBackup')
                : say('health.newestBackup', { age: age(nowMs - newestMs) })}
            </ToneMark>{' '}
            {backupTone(newestMs, nowMs) !== 'good' && <span className="quiet">{say('health.backupDo')}</span>}
          </p>
          <DataTable
            caption={say('health.backups')}
            columns={columns}
            rows={backups.data}
            keyOf={({ name }) => name}
            empty={say('health.noBackup')}
          />
        </>
      )}
      <div role="status" className="health-job">
        {running && (
          <>
            <span>{say('health.backingUp')}</span>
            <Progress label={say('health.backingUp')} share={job?.progress.fraction} />
          </>
        )}
        {job?.state === 'done' && <ToneMark tone="good">{say('health.backupDone')}</ToneMark>}
        {(problem !== undefined || job?.state === 'failed') && (
          <ToneMark tone="alarm">{say('health.backupFailed', { why: problem ?? job?.problem?.detail ?? '' })}</ToneMark>
        )}
      </div>
      <p className="quiet">
        {say('health.backupGuide')} <GuideLink name="backup" />
      </p>
    </Panel>
  )
}
