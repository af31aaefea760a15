import type { PlanOutput } from '../api/types.ts'
import { type Shown, show, showMoney } from '../format/numbers.ts'
import { Figure } from '../ui/figure.tsx'
import { useWords } from '../words/words.ts'

interface WhatIfResultProps {
  readonly draft: PlanOutput | undefined
  readonly base: PlanOutput
  readonly busy: boolean
  readonly changed: boolean
  readonly error: Error | null
  readonly may: boolean
  onReset(): void
}

/**
 * How the new plan differs from the published one, in money and in carbon; before there is one, how to get it. It has its place
 * from the start, for a handle must not move away under the hand, and stays in sight while one drags further down.
 */
export function WhatIfResult({ draft, base, busy, changed, error, may, onReset }: WhatIfResultProps) {
  const { say } = useWords()
  return (
    <div className="what-if-result" data-changed={changed}>
      <div role="status">
        {error ? (
          <p className="problem">{error.message}</p>
        ) : busy ? (
          <p>{say('whatIf.running')}</p>
        ) : draft ? (
          <PlanDifference plan={draft} published={base} />
        ) : (
          <p>{say(may ? 'whatIf.how' : 'whatIf.mayNot')}</p>
        )}
      </div>
      <button type="button" className="button" disabled={!changed} onClick={onReset}>
        {say('whatIf.reset')}
      </button>
    </div>
  )
}

function PlanDifference({ plan, published }: { readonly plan: PlanOutput; readonly published: PlanOutput }) {
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
