import { useMemo } from 'react'
import { useLive } from '../api/live.ts'
import { historyBucketMs, useHistory, usePlan, useSite } from '../api/queries.ts'
import type { Site } from '../api/types.ts'
import { useMoment, useSiteId } from '../app/moment.ts'
import { Chart } from '../charts/chart.tsx'
import { planSteps, planValues } from '../plan/steps.ts'
import { Failure, Skeleton } from '../ui/states.tsx'
import { useWords } from '../words/words.ts'
import { attentionOf } from './attention.ts'
import { AttentionList } from './attention-list.tsx'
import { daySpec } from './day-spec.ts'
import { EnergyFlow } from './energy-flow.tsx'
import { ratesOf, sumRates } from './figures.ts'
import { FiguresTable } from './figures-table.tsx'
import { flowOf } from './flow.ts'
import { bucketStarts, historyValues, shownRefs, useMomentValues } from './moment-values.ts'

/** The park at the moment of the time bar: energy flow, figures, what needs a person, the day around now. */
export function ParkPage() {
  const siteId = useSiteId()
  const site = useSite(siteId)
  if (site.error) return <Failure error={site.error} retry={() => void site.refetch()} />
  return site.data ? <Park site={site.data} /> : <Skeleton height={560} />
}

function Park({ site }: { readonly site: Site }) {
  const { say } = useWords()
  const { nowMs } = useMoment()
  const refs = useMemo(() => shownRefs(site), [site])
  const { lookUp, known } = useMomentValues(site)
  const live = useLive(site.id)
  const plan = usePlan(site.id).data
  const history = useHistory(site.id, refs).data
  const starts = useMemo(() => bucketStarts(history ?? {}), [history])
  const at = useMemo(() => historyValues(history ?? {}), [history])
  const lastDay = useMemo(
    () =>
      sumRates(
        starts.map((startMs) => ratesOf(site.assets, at(startMs))),
        historyBucketMs / 3_600_000,
      ),
    [site, starts, at],
  )
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
  const spec = useMemo(() => daySpec({ site, starts, at, plan, say }), [site, starts, at, plan, say])
  return (
    <div className="park">
      <h1 className="visually-hidden">{say('page.park')}</h1>
      <div className="park-picture">
        {known ? <EnergyFlow flow={flowOf(site.assets, lookUp)} /> : <UnknownMoment waiting={live.now === undefined} />}
      </div>
      <aside className="park-side">
        <FiguresTable
          currency={site.currency}
          moment={known ? ratesOf(site.assets, lookUp) : undefined}
          lastDay={lastDay}
          nextDay={nextDay}
        />
        <AttentionList
          site={site}
          items={attentionOf({ site, now: live.now, connected: live.connected, plan, nowMs })}
        />
      </aside>
      <div className="park-day">
        {spec ? (
          <Chart title={say('park.day')} summary={say('park.daySays')} spec={spec} zone={site.zone} />
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
