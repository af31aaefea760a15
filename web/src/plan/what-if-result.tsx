import type { PlanOutput } from '../api/types.ts'
import { type Shown, show, showMoney } from '../format/numbers.ts'
import { Figure } from '../ui/figure.tsx'
import { useWords } from '../words/words.ts'

interface WhatIfResultProps {
  readonly plan: PlanOutput
  readonly published: PlanOutput
}

/** How the new plan differs from the published one: in money and in carbon. */
export function WhatIfResult({ plan, published }: WhatIfResultProps) {
  const { say } = useWords()
  const money = plan.cost.total - published.cost.total
  const carbonKg = plan.emissionsKgCo2e - published.emissionsKgCo2e
  return (
    <p className="plan-difference">
      <span>{say('whatIf.result')}</span>
      <Difference value={money} least={0.005} shown={showMoney(Math.abs(money), plan.currency)} />
      <Difference value={carbonKg} least={0.5} shown={show(Math.abs(carbonKg), 'kgCO2e')} />
    </p>
  )
}

/** More or less of something, with its sign and its word. */
function Difference({
  value,
  least,
  shown,
}: {
  readonly value: number
  readonly least: number
  readonly shown: Shown
}) {
  const { say } = useWords()
  const way = Math.abs(value) < least ? 'same' : value > 0 ? 'more' : 'less'
  return (
    <b data-way={way}>
      {way === 'more' ? '+' : way === 'less' ? '\u2212' : ''}
      <Figure text={way === 'same' ? '0' : shown.text} unit={shown.unit} /> <small>{say(`whatIf.${way}`)}</small>
    </b>
  )
}
