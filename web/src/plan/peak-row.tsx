import type { PlanOutput } from '../api/types.ts'
import { show, showMoney } from '../format/numbers.ts'
import { Figure } from '../ui/figure.tsx'
import { Stat } from '../ui/stat.tsx'
import { useWords } from '../words/words.ts'
import { peakOf } from './peak.ts'
import type { Handles } from './what-if.ts'

interface PeakRowProps {
  readonly plan: PlanOutput
  readonly handles: Handles
}

/** The highest import of the plan against the month's billed peak, and what a new peak costs. */
export function PeakRow({ plan, handles }: PeakRowProps) {
  const { say } = useWords()
  const peak = peakOf(plan, handles)
  if (!peak) return null
  const price = showMoney(peak.pricePerKw, plan.currency)
  return (
    <dl className="stats plan-peak">
      <Stat label={say('plan.peakPlanned')}>
        <Figure {...show(peak.plannedKw, 'kW')} />
      </Stat>
      <Stat label={say('plan.peakSoFar')}>
        <Figure {...show(peak.soFarKw, 'kW')} />
      </Stat>
      <Stat
        label={say(peak.riseKw > 0 ? 'plan.peakRises' : 'plan.peakRoom')}
        note={say('plan.peakPrice', { price: `${price.text}\u00a0${price.unit}` })}
      >
        {peak.riseKw > 0 ? (
          <Figure {...showMoney(peak.cost, plan.currency)} />
        ) : (
          <Figure {...show(peak.soFarKw - peak.plannedKw, 'kW')} />
        )}
      </Stat>
    </dl>
  )
}
