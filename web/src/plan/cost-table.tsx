import type { PlanOutput } from '../api/types.ts'
import { type Shown, show, showMoney } from '../format/numbers.ts'
import type { Pedigree } from '../pedigree/pedigree.ts'
import { Sourced } from '../pedigree/sourced.tsx'
import { Figure } from '../ui/figure.tsx'
import { useWords } from '../words/words.ts'

const parts = [
  'energy',
  'demand',
  'export',
  'fuel',
  'wear',
  'flexibility',
  'reserve',
  'storedEnergy',
  'carbon',
] as const

interface CostTableProps {
  readonly plan: PlanOutput & { readonly evidence: string }
  /** The plan it is compared with, part by part. */
  readonly against: PlanOutput | undefined
}

/** The money of a plan by part, its emissions, and the same day without storage and shifting. */
export function CostTable({ plan, against }: CostTableProps) {
  const { say } = useWords()
  const rows = parts.filter((part) => Math.abs(plan.cost[part]) >= 0.005 || Math.abs(against?.cost[part] ?? 0) >= 0.005)
  const from = (title: string, ...path: readonly string[]): Pedigree => ({
    kind: 'run',
    run: plan.evidence,
    title,
    path,
  })
  const signed = (value: number): string => `${value > 0.005 ? '+' : ''}${showMoney(value, '').text}`
  return (
    <table className="figures cost">
      <caption>{say('plan.cost')}</caption>
      <tbody>
        {rows.map((part) => (
          <tr key={part}>
            <th scope="row">{say(`cost.${part}`)}</th>
            <td>
              <Sourced from={from(say(`cost.${part}`), 'cost', part)}>{showMoney(plan.cost[part], '').text}</Sourced>
            </td>
            {against && <td className="difference">{signed(plan.cost[part] - against.cost[part])}</td>}
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">{say('plan.total')}</th>
          <td>
            <Sourced from={from(say('plan.total'), 'cost', 'total')}>
              <Figure {...showMoney(plan.cost.total, plan.currency)} />
            </Sourced>
          </td>
          {against && <td className="difference">{signed(plan.cost.total - against.cost.total)}</td>}
        </tr>
        <tr>
          <th scope="row">{say('plan.emissions')}</th>
          <td>
            <Sourced from={from(say('plan.emissions'), 'emissionsKgCo2e')}>
              <Figure {...show(plan.emissionsKgCo2e, 'kgCO2e')} />
            </Sourced>
          </td>
          {against && <td className="difference">{signed(plan.emissionsKgCo2e - against.emissionsKgCo2e)}</td>}
        </tr>
        <tr>
          <th scope="row">{say('plan.baseline')}</th>
          <td>
            <Sourced from={from(say('plan.baseline'), 'baseline', 'cost')}>
              <Figure {...showMoney(plan.baseline.cost, plan.currency)} />
            </Sourced>
          </td>
          {against && <td />}
        </tr>
      </tfoot>
    </table>
  )
}

/** What storage and shifting are worth on this day, in one sentence. */
export function SavingSentence({ plan }: { readonly plan: PlanOutput }) {
  const { say } = useWords()
  const text = ({ text: value, unit }: Shown): string => `${value}\u00a0${unit}`
  if (plan.baseline.unservedKwh > 0.5) {
    return say('plan.baselineUnserved', { energy: text(show(plan.baseline.unservedKwh, 'kWh')) })
  }
  const saved = plan.baseline.cost - plan.cost.total
  const savedKg = plan.baseline.emissionsKgCo2e - plan.emissionsKgCo2e
  return say('plan.against', {
    money: say(saved >= 0 ? 'plan.saves' : 'plan.costsMore', {
      money: text(showMoney(Math.abs(saved), plan.currency)),
    }),
    carbon: say(savedKg >= 0 ? 'plan.emitsLess' : 'plan.emitsMore', {
      carbon: text(show(Math.abs(savedKg), 'kgCO2e')),
    }),
  })
}
