import { useMemo } from 'react'
import { useConnection } from '../api/connection.ts'
import { useLive } from '../api/live.ts'
import { historyBucketMs, usePlan, useSite } from '../api/queries.ts'
import type { Site } from '../api/types.ts'
import { useMoment, useSiteId } from '../app/moment.ts'
import { Chart } from '../charts/chart.tsx'
import { planSteps, planValues } from '../plan/steps.ts'
import { familyOf } from '../ui/families.ts'
import { Failure, Skeleton } from '../ui/states.tsx'
import { useWords } from '../words/words.ts'
import { aroundOf } from './around.ts'
import { AroundList } from './around-list.tsx'
import { attentionOf } from './attention.ts'
import { AttentionList } from './attention-list.tsx'
import { daySpec } from './day-spec.ts'
import { EnergyFlow } from './energy-flow.tsx'
import { figureSources } from './figure-sources.ts'
import { ratesOf, sumRates } from './figures.ts'
import { FiguresTable } from './figures-table.tsx'
import { flowOf } from './flow.ts'
import { bucketStarts, historyValues, shownRefs, useMomentHistory, useMomentValues } from './moment-values.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** The park at the moment of the time bar: energy flow, figures, what needs a person, the day around now. */
export function ParkPage() {
  const siteId = useSiteId()
  const site = useSite(siteId)
  if (site.error) return <Failure error={site.error} retry={() => void site.refetch()} />
  return site.data ? <Park site={site.data} /> : <Skeleton height={560} />
}

function Park({ site }: { readonly site: Site }) {
  const { say } = useWords()
  const { nowMs, timestampMs, kind } = useMoment()
  const around = useMemo(() => aroundOf(site), [site])
  const beside = useMemo(() => around.map(({ ref }) => ref), [around])
  const { lookUp, known, waiting, sourceOf } = useMomentValues(site, beside)
  const live = useLive(site.id)
  const { online } = useConnection()
  const plan = usePlan(site.id).data
  const history = useMomentHistory(site, beside).data
  const starts = useMemo(() => bucketStarts(history ?? {}), [history])
  const at = useMemo(() => historyValues(history ?? {}), [history])
  /** The day before ends here; to the bucket, so that it is not added up anew all the time. */
  const untilMs = kind === 'history' ? Math.floor(timestampMs / historyBucketMs) * historyBucketMs : undefined
  const rates = useMemo(
    () => starts.map((startMs) => ({ startMs, rates: ratesOf(site.assets, at(startMs)) })),
    [site, starts, at],
  )
  const lastDay = useMemo(
    () =>
      sumRates(
        rates
          .filter(({ startMs }) => untilMs === undefined || (startMs < untilMs && startMs >= untilMs - dayMs))
          .map((bucket) => bucket.rates),
        historyBucketMs / 3_600_000,
      ),
    [rates, untilMs],
  )
  /** The plan follows what is drawn of the past; between an older day and the plan there would be a gap. */
  const isJoined = kind !== 'history' || (plan && (starts.at(-1) ?? 0) + hourMs >= plan.startMs)
  /** Nothing was measured, or will be told; what is on its way is undefined. */
  const isEmpty = plan === null && starts.length === 0 && (history !== undefined || shownRefs(site).length === 0)
  const drawnPlan = isJoined ? plan : undefined
  const nextDay = useMemo(
    () =>
      plan
        ? sumRates(
            Array.from({ length: planSteps(plan) }, (_, step) => ratesOf(site.assets, planValues(plan, step))),
            plan.stepMinutes / 60,
          )
        : undefined,
    [site, plan],
  )
  const spec = useMemo(() => daySpec({ site, starts, at, plan: drawnPlan, say }), [site, starts, at, drawnPlan, say])
  return (
    <div className="park">
      <h1 className="visually-hidden">{say('page.park')}</h1>
      <div className="park-picture">
        {known ? (
          <EnergyFlow flow={flowOf(site.assets, lookUp)} sourceOf={sourceOf} />
        ) : (
          <UnknownMoment waiting={waiting} />
        )}
      </div>
      <aside className="park-side">
        <FiguresTable
          currency={site.currency}
          hasGrid={site.assets.some(({ kind: own }) => familyOf(own) === 'grid')}
          moment={known ? ratesOf(site.assets, lookUp) : undefined}
          lastDay={lastDay}
          nextDay={nextDay}
          isPast={kind === 'history'}
          sources={known ? figureSources({ site, lookUp, sourceOf, say }) : {}}
          planned={plan ? { kind: 'run', run: plan.evidence, title: say('park.nextDay') } : undefined}
        />
        <AttentionList
          site={site}
          items={attentionOf({ site, now: live.now, connected: live.connected && online, plan, nowMs })}
        />
        {kind !== 'plan' && around.length > 0 && (
          <AroundList points={around} site={site.id} lookUp={lookUp} sourceOf={sourceOf} />
        )}
      </aside>
      <div className="park-day">
        {spec ? (
          <Chart
            title={say(drawnPlan ? 'park.day' : kind === 'history' ? 'park.days' : 'park.pastDay')}
            summary={say('park.daySays')}
            spec={spec}
            zone={site.zone}
          />
        ) : isEmpty ? (
          <p className="flow-unknown">{say('park.noDay')}</p>
        ) : (
          <Skeleton height={250} />
        )}
      </div>
    </div>
  )
}

function UnknownMoment({ waiting }: { readonly waiting: boolean }) {
  const { say } = useWords()
  return waiting ? <Skeleton height={420} /> : <p className="flow-unknown">{say('park.noMoment')}</p>
}
