import { useMoment, useNowMs } from '../app/moment.ts'
import { formatNumber } from '../format/numbers.ts'
import { ageOf } from '../format/times.ts'
import { GuideLink } from '../guides/guide-link.tsx'
import { type Column, DataTable } from '../ui/data-table.tsx'
import { Figure } from '../ui/figure.tsx'
import { Panel } from '../ui/panel.tsx'
import { Progress } from '../ui/progress.tsx'
import { Stat } from '../ui/stat.tsx'
import { Failure, Skeleton } from '../ui/states.tsx'
import { type Tone, ToneMark } from '../ui/tone.tsx'
import { useWords } from '../words/words.ts'
import { BackupPanel } from './backup-panel.tsx'
import { bytesText, type Check, type CheckUnit, checksOf, type Reading } from './checks.ts'
import { type PublicHealth, useHealth, useMetrics, useReasons } from './health-queries.ts'
import { figure, ratePerS, total } from './metrics-text.ts'
import './health.css'

/** How the server itself fares: each figure beside its limit, and what to do when it is not good. */
export function HealthPage() {
  const { say } = useWords()
  const { kind } = useMoment()
  const health = useHealth()
  const metrics = useMetrics()
  return (
    <div className="health">
      <h1>{say('page.health')}</h1>
      {kind !== 'live' && <p className="notice">{say('time.onlyNow')}</p>}
      {health.error && !health.data ? (
        <Failure error={health.error} retry={() => void health.refetch()} />
      ) : (
        <>
          <Verdict health={health.data} failed={health.isError} />
          {metrics.error && !metrics.data ? (
            <Failure error={metrics.error} retry={() => void metrics.refetch()} />
          ) : metrics.data === undefined ? (
            <Skeleton height={640} />
          ) : metrics.data === null ? (
            <p className="notice">{say('health.mayNot')}</p>
          ) : (
            <Figures {...metrics.data} />
          )}
          <BackupPanel />
        </>
      )}
    </div>
  )
}

const statusTones: Readonly<Record<PublicHealth['status'], Tone>> = {
  ok: 'good',
  filling: 'advisory',
  degraded: 'alarm',
}

function Verdict({ health, failed }: { readonly health: PublicHealth | undefined; readonly failed: boolean }) {
  const { say } = useWords()
  const reasons = useReasons().data ?? []
  if (!health) return <Skeleton height={48} />
  const filling = Object.entries(health.filling).filter(([, { done }]) => !done)
  return (
    <section className="health-verdict" aria-label={say('health.verdict')} aria-live="polite">
      <p className="health-status">
        {failed ? (
          <ToneMark tone="stale">{say('health.noAnswer')}</ToneMark>
        ) : (
          <ToneMark tone={statusTones[health.status]}>{say(`health.status.${health.status}`)}</ToneMark>
        )}
      </p>
      {reasons.map(({ code, detail }) => (
        <p key={code} className="health-reason">
          <ToneMark tone="alarm">{say(`health.reason.${code}`)}</ToneMark> <span className="quiet">{detail}</span>
          <br />
          {say(`health.reasonDo.${code}`)}
        </p>
      ))}
      {filling.map(([site, { fraction }]) => (
        <div key={site} className="health-filling">
          <span>{say('health.filling', { site })}</span>
          <Progress label={say('health.filling', { site })} share={fraction} />
        </div>
      ))}
    </section>
  )
}

function Figures({ reading, before }: { readonly reading: Reading; readonly before: Reading | undefined }) {
  const { say } = useWords()
  const nowMs = useNowMs(1000)
  const age = (spanMs: number): string => {
    const { count, unit } = ageOf(spanMs)
    return say(`age.${unit}`, { count })
  }
  const { metrics } = reading
  const info = metrics.get('mangrove_info')?.[0]?.labels
  const startS = figure(metrics, 'mangrove_start_timestamp_seconds')
  const memory = figure(metrics, 'mangrove_memory_bytes', { kind: 'resident' })
  const stored = total(metrics, 'mangrove_store_size_bytes')
  const cores = ratePerS('mangrove_cpu_seconds_total', before, reading)
  return (
    <>
      <dl className="stats">
        <Stat label={say('health.version')} note={info?.node}>
          <span className="figure">{info?.version ?? '–'}</span>
        </Stat>
        <Stat label={say('health.upFor')}>
          <span className="figure">{startS === undefined ? '–' : age(nowMs - startS * 1000)}</span>
        </Stat>
        <Stat label={say('health.memory')}>
          <Figure {...shown(memory, 'bytes')} />
        </Stat>
        <Stat label={say('health.store')} note={say('health.storeSays')}>
          <Figure {...shown(stored, 'bytes')} />
        </Stat>
        <Stat label={say('health.processor')} note={say('health.processorSays')}>
          <Figure {...shown(cores === undefined ? undefined : cores * 100, '%')} />
        </Stat>
        <Stat label={say('health.age')}>
          <span className="figure">{age(nowMs - reading.atMs)}</span>
        </Stat>
      </dl>
      <Panel title={say('health.figures')}>
        <DataTable
          caption={say('health.figures')}
          columns={columnsOf(say)}
          rows={checksOf(reading, before)}
          keyOf={({ name }) => name}
          empty="–"
        />
        <p className="quiet">
          {say('health.guide')} <GuideLink name="operations" />
        </p>
      </Panel>
    </>
  )
}

const shown = (value: number | undefined, unit: CheckUnit | '%'): { readonly text: string; readonly unit: string } => {
  if (value === undefined) return { text: '–', unit: '' }
  if (unit === 'bytes') return bytesText(value)
  return { text: formatNumber(value, 3), unit }
}

function columnsOf(say: ReturnType<typeof useWords>['say']): readonly Column<Check>[] {
  return [
    {
      id: 'what',
      title: say('health.what'),
      cell: ({ name, tone }) => (
        <>
          {say(`health.check.${name}`)}
          {tone !== 'good' && tone !== 'stale' && (
            <span className="health-do quiet">{say(`health.checkDo.${name}`)}</span>
          )}
        </>
      ),
    },
    {
      id: 'state',
      title: say('health.state'),
      cell: ({ tone }) => <ToneMark tone={tone}>{say(`health.tone.${tone}`)}</ToneMark>,
    },
    {
      id: 'now',
      title: say('health.now'),
      numeric: true,
      cell: ({ value, unit }) => <Figure {...shown(value, unit)} />,
    },
    {
      id: 'limit',
      title: say('health.limit'),
      numeric: true,
      cell: ({ limit, unit, atLeast }) =>
        limit === undefined ? (
          <span className="quiet">–</span>
        ) : (
          <span className="quiet">
            {limit > 0 && (atLeast ? '≥ ' : '≤ ')}
            <Figure {...shown(limit, unit)} />
          </span>
        ),
    },
  ]
}
