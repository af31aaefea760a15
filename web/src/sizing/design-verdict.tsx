import type { SizeOutput } from '../api/types.ts'
import { formatNumber } from '../format/numbers.ts'
import { useWords } from '../words/words.ts'
import { type AgainstToday, againstToday } from './against-today.ts'
import { type Design, letterOf } from './designs.ts'
import { shortMoney } from './diagrams.ts'

interface DesignVerdictProps {
  readonly output: SizeOutput
  readonly design: Design
}

/** The chosen design in three sentences: what to build, what it does to the money of a year, and to its emissions. */
export function DesignVerdict({ output, design }: DesignVerdictProps) {
  const { say } = useWords()
  const { added, cost, costShare, emissionsKgCo2e, emissionsShare } = againstToday(output, design)
  const { capex, paybackYears } = design.economics
  const letter = letterOf(design.index)
  const money = (value: number): string => `${shortMoney(value)}\u00a0${output.currency}`
  const builds = [...Map.groupBy(added, ({ title }) => title)]
    .map(([title, sizes]) => `${title} ${sizes.map(addedText).join('\u00a0/\u00a0')}`)
    .join('; ')
  const percent = (share: number | undefined): string =>
    share === undefined ? '' : ` (${formatNumber(Math.abs(share) * 100, 2)}\u00a0%)`
  return (
    <div className="sizing-verdict">
      <p>
        <b>{added.length > 0 ? say('sizing.verdict.build', { letter, builds }) : say('sizing.verdict.nothing')}</b>
      </p>
      {added.length > 0 && (
        <p>
          {say(cost <= 0 ? 'sizing.verdict.cheaper' : 'sizing.verdict.dearer', {
            ...{ capex: money(capex), cost: `${money(Math.abs(cost))}${percent(costShare)}` },
          })}{' '}
          {paybackYears === null
            ? say('sizing.verdict.noPayback', { years: output.years })
            : say('sizing.verdict.payback', { years: formatNumber(paybackYears, 2) })}{' '}
          {say(emissionsKgCo2e <= 0 ? 'sizing.verdict.cleaner' : 'sizing.verdict.dirtier', {
            emissions: `${formatNumber(Math.abs(emissionsKgCo2e) / 1000, 3)}\u00a0t\u00a0CO₂e${percent(emissionsShare)}`,
          })}
        </p>
      )}
    </div>
  )
}

const addedText = ({ more, unit }: AgainstToday['added'][number]): string => `+${formatNumber(more, 3)}\u00a0${unit}`
