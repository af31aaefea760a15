import type { PlanOutput, Reason } from '../api/types.ts'
import { dayAndTime } from '../format/times.ts'
import { familyOf } from '../ui/families.ts'
import { Value } from '../ui/figure.tsx'
import { colour, glyphs } from '../ui/sources.ts'
import { useWords } from '../words/words.ts'
import { ReasonSentence } from './sentences.tsx'
import { planStepMs } from './steps.ts'

interface StepValuesProps {
  readonly plan: PlanOutput
  readonly step: number
}

/** All that the charts show of one step, as numbers: what every asset does, the price, the worth of a kWh, the reasons. */
export function StepValues({ plan, step }: StepValuesProps) {
  const { say, language } = useWords()
  const startMs = plan.startMs + step * planStepMs(plan)
  const value = (ref: string): number | undefined => plan.series[ref]?.[step] ?? undefined
  const grid = plan.assets.find(({ kind }) => kind === 'grid')
  const price = `${plan.currency}/kWh`
  const reasons = plan.reasons.filter((reason) => concerns(reason, startMs, step))
  return (
    <section className="step-values" aria-labelledby="step-title">
      <h2 id="step-title">{say('plan.at', { moment: dayAndTime(startMs, plan.zone, language) })}</h2>
      <table className="figures">
        <caption className="visually-hidden">{say('plan.table')}</caption>
        <tbody>
          {plan.assets.map(({ id, title, kind }) => {
            const family = familyOf(kind)
            const Glyph = family && glyphs[family]
            const soc = value(`${id}.soc`)
            return (
              <tr key={id}>
                <th scope="row" className="step-name">
                  {Glyph && <Glyph size={15} className="step-glyph" aria-hidden style={{ color: colour(family) }} />}{' '}
                  {title}
                </th>
                <td>
                  {soc !== undefined && (
                    <small>
                      <Value value={soc} unit="1" />
                    </small>
                  )}{' '}
                  <Value value={value(`${id}.powerKw`)} unit="kW" />
                </td>
              </tr>
            )
          })}
          {grid && (
            <>
              <tr>
                <th scope="row">{say('plan.price')}</th>
                <td>
                  <Value value={value(`${grid.id}.importPrice`)} unit={price} />
                </td>
              </tr>
              <tr>
                <th scope="row">{say('plan.carbon')}</th>
                <td>
                  <Value value={value(`${grid.id}.carbonIntensity`)} unit="kgCO2e/kWh" />
                </td>
              </tr>
            </>
          )}
          <tr>
            <th scope="row" title={say('plan.marginalWhy')}>
              {say('plan.marginal')}
            </th>
            <td>
              <Value value={value('site.marginalPrice')} unit={price} />
            </td>
          </tr>
        </tbody>
      </table>
      {reasons.map((reason) => (
        <p key={`${reason.asset}${reason.code}${reason.step}`} className="why-here">
          <ReasonSentence reason={reason} assets={plan.assets} zone={plan.zone} currency={plan.currency} />
        </p>
      ))}
    </section>
  )
}

/** Whether a reason is about this step: inside its stretch of time, or at its very step. */
function concerns({ values, step: own }: Reason, startMs: number, step: number): boolean {
  const { fromMs, toMs } = values
  if (typeof fromMs === 'number' && typeof toMs === 'number') return startMs >= fromMs && startMs < toMs
  return own === step
}
