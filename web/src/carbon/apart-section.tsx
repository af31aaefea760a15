import { useState } from 'react'
import { formatNumber } from '../format/numbers.ts'
import { daysText } from '../format/periods.ts'
import { useRunJob } from '../jobs/use-run-job.ts'
import { type LedgerTotal, useLedger } from '../ledger/ledger-queries.ts'
import { Sourced } from '../pedigree/sourced.tsx'
import { useMay } from '../sign-in/session.ts'
import { Stat } from '../ui/stat.tsx'
import { Failure, Skeleton } from '../ui/states.tsx'
import { useWords } from '../words/words.ts'
import { useOutput, useRunsOf } from './carbon-queries.ts'
import { printed } from './carbon-text.ts'
import { RunChoice } from './run-choice.tsx'

interface BatteryCarbon {
  readonly battery: string | null
  readonly stepCount: number
  readonly stepHours: number
  readonly chargedKwh: number
  readonly dischargedKwh: number
  readonly lostKwh: number
  readonly books: readonly {
    readonly kind: 'average' | 'marginal'
    readonly source: string
    readonly chargeKgPerKwh: number | null
    readonly dischargeKgPerKwh: number | null
    readonly comparison: { readonly savedKg: string; readonly storedChangeKg: string }
  }[]
  readonly reasons: readonly { readonly code: string; readonly text: string }[]
}

interface Avoided {
  readonly name: string
  readonly period: { readonly from: string; readonly to: string }
  readonly gas: string
  readonly baselineKg: string
  readonly projectKg: string
  readonly leakageKg: string
  readonly avoidedKg: string
  readonly additionalKg: string
  readonly halfWidthKg: number | null
}

interface ApartProps {
  readonly site: string
  readonly zone: string
}

/** What is told beside the inventory and never added to it: carbon through the battery, and what is avoided elsewhere. */
export function ApartSection({ site, zone }: ApartProps) {
  const { say } = useWords()
  return (
    <div className="carbon-apart">
      <p className="notice">{say('carbon.apart.never')}</p>
      <BatterySection site={site} zone={zone} />
      <AvoidedSection site={site} zone={zone} />
    </div>
  )
}

function BatterySection({ site, zone }: ApartProps) {
  const { say } = useWords()
  const engine = 'carbon.battery'
  const runs = useRunsOf(site, engine)
  const [chosen, setChosen] = useState<string>()
  const mayPlan = useMay('plan', site)
  const job = useRunJob(engine, site)
  const id = chosen ?? runs.data?.[0]?.id
  const output = useOutput<BatteryCarbon>(id)
  const error = runs.error ?? output.error
  return (
    <section className="carbon-section" aria-labelledby="battery-title">
      <header>
        <h2 id="battery-title">{say('carbon.battery')}</h2>
        {runs.data && id !== undefined && (
          <RunChoice runs={runs.data} id={id} zone={zone} onChoose={setChosen} reported={false} />
        )}
      </header>
      {error ? (
        <Failure error={error} retry={() => void runs.refetch()} />
      ) : output.data ? (
        <Through carbon={output.data} run={id ?? ''} />
      ) : runs.data?.length === 0 ? (
        <p className="carbon-empty">{say('carbon.battery.none')}</p>
      ) : (
        <Skeleton height={160} />
      )}
      <div className="carbon-actions">
        <button
          type="button"
          className="button"
          disabled={!mayPlan || job.pending}
          title={mayPlan ? undefined : say('carbon.mayNot')}
          onClick={() => void job.start({ site }).then(() => setChosen(undefined))}
        >
          {say(job.pending ? 'carbon.working' : 'carbon.battery.follow')}
        </button>
        {!mayPlan && <p className="quiet">{say('carbon.mayNot')}</p>}
      </div>
      {job.error && (
        <p className="dialog-problem" role="alert">
          {job.error.message}
        </p>
      )}
    </section>
  )
}

function Through({ carbon, run }: { readonly carbon: BatteryCarbon; readonly run: string }) {
  const { say } = useWords()
  const { chargedKwh, dischargedKwh, lostKwh, books, stepCount, stepHours, battery } = carbon
  return (
    <>
      <p className="quiet">
        {battery} · {say('carbon.battery.hours', { hours: formatNumber(stepCount * stepHours) })} ·{' '}
        {say('carbon.battery.energy', {
          charged: formatNumber(chargedKwh),
          given: formatNumber(dischargedKwh),
          lost: formatNumber(lostKwh),
        })}
      </p>
      {books.map(({ kind, source, chargeKgPerKwh, dischargeKgPerKwh, comparison }, k) => {
        const saved = Number(comparison.savedKg)
        return (
          <dl className="stats" key={kind} aria-label={say(`carbon.battery.kind.${kind}`)}>
            <Stat label={say('carbon.battery.in')} note={say(`carbon.battery.kind.${kind}`)}>
              {chargeKgPerKwh === null ? '–' : formatNumber(chargeKgPerKwh, 3)} <span className="unit">kg/kWh</span>
            </Stat>
            <Stat label={say('carbon.battery.out')} note={<span lang="en">{source}</span>}>
              {dischargeKgPerKwh === null ? '–' : formatNumber(dischargeKgPerKwh, 3)}{' '}
              <span className="unit">kg/kWh</span>
            </Stat>
            <Stat
              label={say(saved < 0 ? 'carbon.battery.added' : 'carbon.battery.saved')}
              note={say('carbon.battery.savedWhy')}
            >
              <Sourced
                from={{
                  kind: 'run',
                  run,
                  title: say('carbon.battery.saved'),
                  path: ['books', k, 'comparison', 'savedKg'],
                }}
              >
                {formatNumber(Math.abs(saved))} <span className="unit">kg CO₂e</span>
              </Sourced>
            </Stat>
            <Stat label={say('carbon.battery.stored')}>
              {formatNumber(Number(comparison.storedChangeKg))} <span className="unit">kg</span>
            </Stat>
          </dl>
        )
      })}
    </>
  )
}

function AvoidedSection({ site, zone }: ApartProps) {
  const { say } = useWords()
  const ledger = useLedger(site)
  const runs = useRunsOf(site, 'carbon.avoided')
  const id = runs.data?.[0]?.id
  const output = useOutput<Avoided>(id)
  const books = (ledger.data?.totals ?? []).filter(({ book }) => book !== 'inventory')
  return (
    <section className="carbon-section" aria-labelledby="avoided-title">
      <header>
        <h2 id="avoided-title">{say('carbon.avoided')}</h2>
        {runs.data && id !== undefined && (
          <RunChoice runs={runs.data} id={id} zone={zone} onChoose={() => undefined} reported={false} />
        )}
      </header>
      {output.data && <Project avoided={output.data} />}
      {ledger.error ? (
        <Failure error={ledger.error} retry={() => void ledger.refetch()} />
      ) : books.length > 0 ? (
        <dl className="stats">
          {books.map((total) => (
            <BookStat key={JSON.stringify(total)} total={total} />
          ))}
        </dl>
      ) : (
        <p className="carbon-empty">{say('carbon.avoided.none')}</p>
      )}
      <pre className="sample">{`mangrove carbon avoided PROJECT --json`}</pre>
      <p className="quiet">{say('carbon.avoided.how')}</p>
    </section>
  )
}

const projectParts = ['baselineKg', 'projectKg', 'leakageKg', 'avoidedKg', 'additionalKg'] as const

function Project({ avoided }: { readonly avoided: Avoided }) {
  const { say, language } = useWords()
  const { name, period, gas, halfWidthKg } = avoided
  return (
    <>
      <p className="quiet">
        {name} · {daysText(period.from, period.to, language)}
      </p>
      <dl className="stats">
        {projectParts.map((part) => (
          <Stat
            key={part}
            label={say(`carbon.avoided.${part}`)}
            note={part === 'avoidedKg' && halfWidthKg !== null && `± ${formatNumber(halfWidthKg / 1000)} t`}
          >
            {formatNumber(Number(avoided[part]) / 1000)} <span className="unit">t {printed(gas)}</span>
          </Stat>
        ))}
      </dl>
    </>
  )
}

function BookStat({ total: { book, gas, amountKg, entries } }: { readonly total: LedgerTotal }) {
  const { say, knows } = useWords()
  const key = `ledger.book.${book}`
  return (
    <Stat label={knows(key) ? say(key) : book} note={say('ledger.entriesNumber', { number: entries })}>
      {formatNumber(Number(amountKg) / 1000)} <span className="unit">t {printed(gas)}</span>
    </Stat>
  )
}
