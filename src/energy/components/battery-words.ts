import { stepStartMs } from '../../kernel/index.ts'
import type { BatteryAsset, Reason, Relaxed } from '../schema/index.ts'
import type { Explained } from './component.ts'

interface Run {
  readonly from: number
  readonly to: number
  readonly energyKwh: number
}

/** Contiguous steps in which the power has one sign and more than a twentieth of its largest size. */
function runs(powerKw: Float64Array, sign: 1 | -1, hours: Float64Array): Run[] {
  let largest = 0
  for (const power of powerKw) largest = Math.max(largest, sign * power)
  const found: Run[] = []
  let from = -1
  let energyKwh = 0
  for (let k = 0; k <= powerKw.length; k += 1) {
    const power = k < powerKw.length ? sign * powerKw[k]! : 0
    if (power > 0.05 * largest + 1e-6) {
      if (from < 0) from = k
      energyKwh += power * hours[k]!
    } else if (from >= 0) {
      found.push({ from, to: k, energyKwh })
      from = -1
      energyKwh = 0
    }
  }
  return found
}

const mean = (values: Float64Array, { from, to }: Run, hours: Float64Array): number => {
  let sum = 0
  let whole = 0
  for (let k = from; k < to; k += 1) {
    sum += values[k]! * hours[k]!
    whole += hours[k]!
  }
  return whole > 0 ? sum / whole : 0
}

/** For each long charge and discharge: how much, and what a kWh is worth then. */
export function describeBattery({
  asset,
  frame,
  outcome,
  marginalPricePerKwh,
}: Explained<BatteryAsset>): readonly Reason[] {
  const powerKw = outcome.points.powerKw ?? new Float64Array()
  const say = (run: Run, verb: 'charges' | 'discharges'): Reason => {
    const price = mean(marginalPricePerKwh, run, frame.hours)
    const span = { fromMs: stepStartMs(frame.grid, run.from), toMs: stepStartMs(frame.grid, run.to) }
    if (price >= frame.scarcityPricePerKwh) {
      return {
        step: run.from,
        asset: asset.id,
        code: verb === 'charges' ? 'battery.stores-for-shortage' : 'battery.covers-shortage',
        text: `${asset.title} ${verb} ${run.energyKwh.toFixed(0)} kWh ${verb === 'charges' ? 'for hours in which' : 'while'} the site has less than it needs.`,
        values: { energyKwh: run.energyKwh, ...span },
      }
    }
    return {
      step: run.from,
      asset: asset.id,
      code: verb === 'charges' ? 'battery.charges' : 'battery.discharges',
      text: `${asset.title} ${verb} ${run.energyKwh.toFixed(0)} kWh while a kWh is worth ${price.toFixed(3)} ${frame.site.currency}.`,
      values: {
        energyKwh: run.energyKwh,
        pricePerKwh: price,
        ...span,
      },
    }
  }
  return [
    ...runs(powerKw, -1, frame.hours).map((run) => say(run, 'charges')),
    ...runs(powerKw, 1, frame.hours).map((run) => say(run, 'discharges')),
  ].filter((reason) => Number(reason.values.energyKwh) > 0.01 * asset.capacityKwh)
}

/** A store that begins outside its band, until it is back inside. */
export function outsideBand(
  asset: BatteryAsset & { id: string; title: string },
  soc: Float64Array,
  hours: Float64Array,
): Relaxed[] {
  const outside =
    asset.initialSoc < asset.minSoc ? asset.minSoc - asset.initialSoc : Math.max(0, asset.initialSoc - asset.maxSoc)
  const amount = outside * asset.capacityKwh
  if (amount <= 0.01) return []
  const isOutside = (value: number): boolean => value < asset.minSoc - 1e-6 || value > asset.maxSoc + 1e-6
  const outsideHours = soc.reduce((sum, value, k) => sum + (isOutside(value) ? hours[k]! : 0), 0)
  const side = asset.initialSoc < asset.minSoc ? 'below its minimum' : 'above its maximum'
  const until = soc.some((value) => !isOutside(value))
    ? `is back inside after ${outsideHours.toFixed(2)} h`
    : 'stays outside until the plan ends'
  return [
    {
      wish: 'soc-band',
      asset: asset.id,
      amount,
      unit: 'kWh',
      reason: `${asset.title} begins ${amount.toFixed(1)} kWh ${side} and ${until}.`,
      reasonCode: 'battery.outside-band',
    },
  ]
}

/** Less than the wished stock for outages. */
export function reserveShort(
  asset: { id: string; title: string },
  shortKwh: Float64Array,
  reserveSoc: number,
): Relaxed[] {
  const worst = Math.max(0, ...shortKwh)
  if (worst < 0.01) return []
  return [
    {
      wish: 'reserve',
      asset: asset.id,
      amount: worst,
      unit: 'kWh',
      reason: `${asset.title} is up to ${worst.toFixed(1)} kWh short of the reserve of ${(reserveSoc * 100).toFixed(0)} %.`,
      reasonCode: 'battery.reserve-short',
    },
  ]
}
