import type { Place } from '../../../kernel/index.ts'
import { carbonErrors } from '../../errors.ts'
import { convert, quantity } from '../../quantity/index.ts'
import { placed } from '../count/index.ts'
import type { Measure } from '../figures/index.ts'
import { say } from '../reasons.ts'
import type { VerdictReason } from '../schema.ts'
import type { SchemeFile } from '../schemes/index.ts'
import type { PathOption } from './option.ts'

interface Where {
  readonly scheme: SchemeFile
  /** Emissions of a kWh that is bought, in kg; `null` where the figures name no factor. */
  readonly gridFactorKgPerKwh: number | null
  readonly greenCounts: boolean
  placeOf(path: string): Place
}

interface MeasureOptions {
  readonly options: readonly PathOption[]
  /** Measures that do nothing under this reading, and why. */
  readonly reasons: readonly VerdictReason[]
}

/**
 * What the figures say could be done beside machines: power bought green, by its premium, and measures that somebody has worked out.
 *
 * @throws `carbon.bad-figures` for one without what it saves or costs, `carbon.unit-mismatch`
 */
export function measureOptions(measures: readonly Measure[], where: Where): MeasureOptions {
  const found = measures.map((measure, k) => {
    const place = where.placeOf(`measures.${k}`)
    return measure.kind === 'green-power' ? greenOption(measure, place, where) : otherOption(measure, place, where)
  })
  return {
    options: found.flatMap((one) => ('kind' in one ? one : [])),
    reasons: found.flatMap((one) => ('code' in one ? one : [])),
  }
}

function greenOption(
  measure: Measure,
  place: Place,
  { scheme, gridFactorKgPerKwh, greenCounts }: Where,
): PathOption | VerdictReason {
  const { id, title, upTo, premiumPerMwh } = measure
  if (upTo === undefined || premiumPerMwh === undefined) {
    throw carbonErrors.badFigures({
      detail: `${title} does not say how much there is, or what it costs`,
      ...{ place, found: Object.keys(measure), expected: 'upTo in MWh, and premiumPerMwh' },
    })
  }
  if (!greenCounts) {
    return say('path.green-not-counted', `${title} saves nothing in the reading where green power is not counted.`, {
      measure: id,
    })
  }
  if (gridFactorKgPerKwh === null) {
    return say(
      'path.no-grid-factor',
      `What ${title} saves cannot be told: the figures name no factor of purchased power.`,
      { measure: id },
    )
  }
  const mwh = placed(place, () => convert(quantity(upTo.amount, upTo.unit), 'MWh')).amount.toNumber()
  return {
    ...{ kind: 'green-power', id, title, sizes: [], energyChange: 0, ofPower: true },
    saved: mwh * 1000 * gridFactorKgPerKwh * emissionsPerKg(scheme),
    ...{ costPerYear: mwh * premiumPerMwh, capex: measure.capex ?? 0 },
  }
}

function otherOption(measure: Measure, place: Place, { scheme }: Where): PathOption {
  const { id, title, co2, energy, costPerYear, capex = 0 } = measure
  if (co2 === undefined || costPerYear === undefined) {
    throw carbonErrors.badFigures({
      detail: `${title} does not say what it saves, or what it costs`,
      ...{ place, found: Object.keys(measure), expected: `co2 in t${scheme.gas}, and costPerYear` },
    })
  }
  const gwp = scheme.gwpSet === undefined ? {} : { gwpSet: scheme.gwpSet }
  return placed(place, () => ({
    ...{ kind: 'other', id, title, sizes: [], ofPower: false, costPerYear, capex },
    saved: convert(quantity(co2.amount, co2.unit, gwp), scheme.indicator.emissionsUnit).amount.toNumber(),
    energyChange: energy
      ? convert(quantity(energy.amount, energy.unit), scheme.indicator.energyUnit).amount.toNumber()
      : 0,
  }))
}

/** One kilogram in the unit of the emissions. */
export function emissionsPerKg({ gas, gwpSet, indicator }: SchemeFile): number {
  const kilogram = quantity(1, 'kg', { gas, ...(gwpSet === undefined ? {} : { gwpSet }) })
  return convert(kilogram, indicator.emissionsUnit).amount.toNumber()
}
