import { useMemo, useState } from 'react'
import { usePlan, useSite } from '../api/queries.ts'
import type { PublishedPlan, Site } from '../api/types.ts'
import { useMoment, useSiteId } from '../app/moment.ts'
import { Chart } from '../charts/chart.tsx'
import { show } from '../format/numbers.ts'
import { dayAndTime } from '../format/times.ts'
import { useMay } from '../sign-in/session.ts'
import { Failure, Message, Skeleton } from '../ui/states.tsx'
import { useWords } from '../words/words.ts'
import { carrierSpec, levelSpec, roomSpec } from './carrier-specs.ts'
import { PeakRow } from './peak-row.tsx'
import { PlanDrawer } from './plan-drawer.tsx'
import { importSpec, powerSpec, priceSpec, socSpec } from './plan-specs.ts'
import { PriceHandles } from './price-handles.tsx'
import { StepValues } from './step-values.tsx'
import { planEndMs, planStepAt } from './steps.ts'
import { useWhatIf } from './use-what-if.ts'
import { ValueHandle } from './value-handle.tsx'
import { handlesOf } from './what-if.ts'
import { WhatIfForm } from './what-if-form.tsx'
import { WhatIfResult } from './what-if-result.tsx'
import { WhyHere } from './why-here.tsx'

/** The published plan: charts on one time axis, what it costs and why beside them, other plans in place. */
export function PlanPage() {
  const siteId = useSiteId()
  const site = useSite(siteId)
  const plan = usePlan(siteId)
  const error = site.error ?? plan.error
  if (error) return <Failure error={error} retry={() => void Promise.all([site.refetch(), plan.refetch()])} />
  if (plan.data === null) return <Message title="state.planWaiting" />
  if (!site.data || !plan.data) return <Skeleton height={640} />
  return <Plan key={siteId} site={site.data} published={plan.data} />
}

function Plan({ site, published }: { readonly site: Site; readonly published: PublishedPlan }) {
  const { say, language } = useWords()
  const { timestampMs } = useMoment()
  const [hovered, setHovered] = useState<number>()
  const { whatIf, changed, draft, base, busy, error, change, run, reset } = useWhatIf(site, published)
  const handles = useMemo(() => handlesOf(site), [site])
  const plan = draft ?? base
  const may = useMay('plan', site.id)
  const dearest = Math.max(0, ...handles.periods.map(({ pricePerKwh }) => pricePerKwh))
  const limitKw = whatIf.importLimitKw ?? handles.importLimitKw ?? 0
  const specs = useMemo(() => {
    const input = { plan, published: draft ? base : undefined, say }
    return {
      power: powerSpec(input),
      soc: socSpec(input),
      heat: carrierSpec(input, 'heat'),
      heatLevel: levelSpec(input, 'heat'),
      rooms: roomSpec(input),
      hydrogen: carrierSpec(input, 'hydrogen'),
      hydrogenLevel: levelSpec(input, 'hydrogen'),
      price: priceSpec(input, 1.3 * (dearest + handles.feePerKwh + handles.surchargePerKwh)),
      import: importSpec(input, {
        peakSoFarKw: handles.peakSoFarKw,
        limitKw: Math.max(handles.importLimitKw ?? 0, handles.peakSoFarKw ?? 0),
      }),
    }
  }, [plan, draft, base, say, handles, dearest])
  const momentStep = planStepAt(plan, timestampMs)
  const step = hovered ?? momentStep ?? 0
  const time = (atMs: number): string => dayAndTime(atMs, plan.zone, language)
  const chart = { zone: plan.zone, onHover: setHovered }
  return (
    <div className="plan">
      <header className="plan-head">
        <h1>{say('plan.of', { from: time(plan.startMs), to: time(planEndMs(plan)) })}</h1>
        <span className="plan-status" data-status={plan.status}>
          {say(`plan.${plan.status}`)}
        </span>
        {plan.synthetic && <span className="plan-synthetic">{say('plan.synthetic')}</span>}
      </header>
      <div className="plan-charts" data-busy={busy}>
        <WhatIfForm
          handles={handles}
          whatIf={whatIf}
          currency={plan.currency}
          busy={busy}
          changed={changed}
          may={may}
          onChange={change}
          onRun={() => run()}
        />
        <WhatIfResult {...{ draft, base, busy, changed, error, may }} onReset={reset} />
        {momentStep === undefined && (
          <p className="notice">{say('plan.outside', { moment: dayAndTime(timestampMs, plan.zone, language) })}</p>
        )}
        <Chart {...chart} title={say('plan.power')} summary={say('plan.powerSays')} spec={specs.power} />
        {specs.soc && (
          <Chart
            {...chart}
            title={say('plan.soc')}
            summary={say('plan.socSays')}
            spec={specs.soc}
            overlay={(frame) => (
              <ValueHandle
                {...{ frame, look: 'reserve', label: say('whatIf.reserve'), min: 0, max: 0.9, step: 0.05 }}
                disabled={!may}
                value={whatIf.reserveSoc ?? handles.reserveSoc ?? 0}
                toAxis={(share) => share * 100}
                fromAxis={(percent) => percent / 100}
                show={(share) => show(share, '1')}
                onMove={(reserveSoc) => change({ ...whatIf, reserveSoc })}
                onSettle={(reserveSoc) => run({ ...whatIf, reserveSoc })}
              />
            )}
          />
        )}
        {specs.heat && <Chart {...chart} title={say('plan.heat')} summary={say('plan.heatSays')} spec={specs.heat} />}
        {specs.heatLevel && (
          <Chart {...chart} title={say('plan.heatLevel')} summary={say('plan.levelSays')} spec={specs.heatLevel} />
        )}
        {specs.rooms && (
          <Chart {...chart} title={say('plan.rooms')} summary={say('plan.roomsSays')} spec={specs.rooms} />
        )}
        {specs.hydrogen && (
          <Chart {...chart} title={say('plan.hydrogen')} summary={say('plan.hydrogenSays')} spec={specs.hydrogen} />
        )}
        {specs.hydrogenLevel && (
          <Chart
            {...chart}
            title={say('plan.hydrogenLevel')}
            summary={say('plan.levelSays')}
            spec={specs.hydrogenLevel}
          />
        )}
        <Chart
          {...chart}
          title={say('plan.priceCarbon')}
          summary={say('plan.priceSays')}
          spec={specs.price}
          overlay={(frame) => (
            <PriceHandles
              {...{ frame, base, handles, whatIf }}
              disabled={!may}
              onMove={change}
              onSettle={(next) => run(next)}
            />
          )}
        />
        {specs.import && (
          <Chart
            {...chart}
            title={say('plan.peak')}
            summary={say('plan.importSays')}
            spec={specs.import}
            overlay={(frame) => (
              <ValueHandle
                {...{ frame, look: 'limit', label: say('whatIf.importLimit'), min: 0, step: 10 }}
                disabled={!may}
                value={limitKw}
                max={handles.connectionKw}
                show={(value) => show(value, 'kW')}
                onMove={(importLimitKw) => change({ ...whatIf, importLimitKw })}
                onSettle={(importLimitKw) => run({ ...whatIf, importLimitKw })}
              />
            )}
          />
        )}
        <PeakRow plan={plan} handles={handles} />
      </div>
      <aside className="plan-side">
        <PlanDrawer plan={plan} published={draft ? base : undefined}>
          <StepValues plan={plan} step={step} />
          <WhyHere site={site} plan={plan} base={base} whatIf={draft ? whatIf : {}} step={step} />
        </PlanDrawer>
      </aside>
    </div>
  )
}
