import { type Asset, convert, parseUnit, sameDimension } from '../kernel/index.ts'
import type { PointRules } from '../store/index.ts'

/** Fields of an asset that are power on its nameplate, kW. What a contract or a wish allows, such as an import limit, is none. */
const nameplateFields = ['ratedKw', 'capacityKwp', 'maxChargeKw', 'maxDischargeKw'] as const

/** What a machine may give above its nameplate over an hour: cold air, a bright sky, errors of meters. */
const overload = 1.2

/** The counter of what `powerKw` of its asset adds up to: `energyKwh`, `energyWh`. Of fuel or heat the nameplate says nothing. */
const isEnergyOfPower = (id: string): boolean => /^energy(?=[A-Z]|$)/.test(id)

/**
 * The counter of a point, with what it can count in an hour where nobody said so: 1.2 times the largest power on the nameplate of
 * its asset, in the unit of the point.
 *
 * @param id of the point within its asset
 */
export function withPlausibleRise(
  asset: Asset | undefined,
  { id, unit }: { readonly id: string; readonly unit: string },
  counter: NonNullable<PointRules['counter']>,
): NonNullable<PointRules['counter']> {
  if (counter.maxPerHour !== undefined || !asset || !isEnergyOfPower(id)) return counter
  if (!sameDimension(parseUnit(unit).dimension, parseUnit('kWh').dimension)) return counter
  const ratedKw = Math.max(
    0,
    ...nameplateFields.map((field) => asset[field]).filter((value) => typeof value === 'number'),
  )
  // Nothing is rated, or it is a plan for later: zero power says nothing of what is metered.
  if (ratedKw === 0) return counter
  return { ...counter, maxPerHour: convert(overload * ratedKw, 'kWh', unit) }
}
