import type { PlanOutput, Reason } from '../api/types.ts'
import { dayAndTime } from '../format/times.ts'
import type { Pedigree } from '../pedigree/pedigree.ts'
import { Sourced } from '../pedigree/sourced.tsx'
import { type Carrier, carrierPoint, levelOf } from '../ui/carriers.ts'
import { familyOf } from '../ui/families.ts'
import { Value } from '../ui/figure.tsx'
import { colour, glyphs } from '../ui/sources.ts'
import { useWords } from '../words/words.ts'
import { ReasonSentence } from './sentences.tsx'
import { planStepMs } from './steps.ts'

interface StepValuesProps {
  readonly plan: PlanOutput & { readonly evidence: string }
  readonly step: number
}

/** All that the charts show of one step, as numbers: what every asset does, the price, the worth of a kWh, the reasons. */
export function StepValues({ plan, step }: StepValuesProps) {
  const { say, language } = useWords()
  const startMs = plan.startMs + step * planStepMs(plan)
  const value = (ref: string): number | undefined => plan.series[ref]?.[step] ?? undefined
  const from = (ref: string): Pedigree => ({
    kind: 'run',
    run: plan.evidence,
    title: ref,
    path: ['series', ref, step],
  })
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
            return (
              <tr key={id}>
                <th scope="row" className="step-name">
                  {Glyph && <Glyph size={15} className="step-glyph" aria-hidden style={{ color: colour(family) }} />}{' '}
                  {title}
                </th>
                <td>
                  <AssetValues id={id} kind={kind} value={value} from={from} />
                </td>
              </tr>
            )
          })}
          {grid && (
            <>
              <tr>
                <th scope="row">{say('plan.price')}</th>
                <td>
                  <Planned from={from(`${grid.id}.importPrice`)} value={value(`${grid.id}.importPrice`)} unit={price} />
                </td>
              </tr>
              <tr>
                <th scope="row">{say('plan.carbon')}</th>
                <td>
                  <Planned
                    from={from(`${grid.id}.carbonIntensity`)}
                    value={value(`${grid.id}.carbonIntensity`)}
                    unit="kgCO2e/kWh"
                  />
                </td>
              </tr>
            </>
          )}
          {worths.map(({ ref, name }) =>
            plan.series[ref] === undefined ? null : (
              <tr key={ref}>
                <th scope="row" title={say('plan.marginalWhy')}>
                  {say(name)}
                </th>
                <td>
                  <Planned from={from(ref)} value={value(ref)} unit={price} />
                </td>
              </tr>
            ),
          )}
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

/** Worth of one more kWh on the main bus of each carrier. */
const worths = [
  { ref: 'site.marginalPrice', name: 'plan.marginal' },
  { ref: 'site.heatPrice', name: 'plan.heatWorth' },
  { ref: 'site.hydrogenPrice', name: 'plan.hydrogenWorth' },
] as const

const carrierWords = { heat: 'plan.ofHeat', hydrogen: 'plan.ofHydrogen' } as const
const carriers: readonly Carrier[] = ['electricity', 'heat', 'hydrogen']

interface AssetValuesProps {
  readonly id: string
  readonly kind: string
  readonly value: (ref: string) => number | undefined
  readonly from: (ref: string) => Pedigree
}

interface PlannedProps {
  readonly from: Pedigree
  readonly value: number | undefined
  readonly unit: string
}

/** A value of the plan that opens its pedigree; a dash opens nothing. */
const Planned = ({ from, value, unit }: PlannedProps) =>
  value === undefined ? (
    <Value value={value} unit={unit} />
  ) : (
    <Sourced from={from}>
      <Value value={value} unit={unit} />
    </Sourced>
  )

/** How full or warm an asset is, and its power on every carrier it is tied to. */
function AssetValues({ id, kind, value, from }: AssetValuesProps) {
  const { say } = useWords()
  const level = levelOf(kind)
  const states = [
    level ? { ref: `${id}.${level.point}`, unit: level.unit } : { ref: `${id}.soc`, unit: '1' },
    { ref: `${id}.airC`, unit: '°C' },
  ].flatMap(({ ref, unit }) => {
    const found = value(ref)
    return found === undefined ? [] : [{ ref, unit, found }]
  })
  const powers = carriers.flatMap((carrier) => {
    const point = carrierPoint(kind, carrier)?.point
    const found = point === undefined ? undefined : value(`${id}.${point}`)
    return found === undefined ? [] : [{ carrier, found, ref: `${id}.${point}` }]
  })
  // A line has a power, though it neither gives nor takes.
  const plain = powers.length === 0 && states.length === 0
  return (
    <>
      {states.map(({ ref, unit, found }) => (
        <small key={ref}>
          <Planned from={from(ref)} value={found} unit={unit} />{' '}
        </small>
      ))}
      {plain && <Planned from={from(`${id}.powerKw`)} value={value(`${id}.powerKw`)} unit="kW" />}
      {powers.map(({ carrier, found, ref }) => (
        <span key={carrier} className="step-power">
          <Planned from={from(ref)} value={found} unit="kW" />{' '}
          {carrier !== 'electricity' && <small>{say(carrierWords[carrier])}</small>}{' '}
        </span>
      ))}
    </>
  )
}

/** Whether a reason is about this step: inside its stretch of time, or at its very step. */
function concerns({ values, step: own }: Reason, startMs: number, step: number): boolean {
  const { fromMs, toMs } = values
  if (typeof fromMs === 'number' && typeof toMs === 'number') return startMs >= fromMs && startMs < toMs
  return own === step
}
