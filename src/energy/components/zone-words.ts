import { type Asset, stepStartMs } from '../../kernel/index.ts'
import type { Frame } from '../frame.ts'
import type { Reason, Relaxed, ZoneAsset } from '../schema/index.ts'
import { type Explained, hoursAbove } from './component.ts'

/** Kelvin that nobody feels. */
export const unfeltK = 0.05

export interface ZoneTemperatures {
  readonly airC: Float64Array
  readonly lowC: Float64Array
  readonly highC: Float64Array
}

/** By how much and for how long the zone is outside its band: the amount is in degree-hours. */
export function comfortMissed(
  asset: Asset & ZoneAsset,
  { airC, lowC, highC }: ZoneTemperatures,
  frame: Frame,
): Relaxed[] {
  const missed = (missingK: Float64Array, limitC: Float64Array, words: 'below' | 'above'): Relaxed[] => {
    const worstK = missingK.reduce((most, value) => Math.max(most, value), 0)
    if (worstK <= unfeltK) return []
    const felt = missingK.map((value) => (value > unfeltK ? value : 0))
    const amount = felt.reduce((sum, value, k) => sum + value * frame.hours[k]!, 0)
    const hours = hoursAbove(felt, 0, frame.hours)
    const worst = missingK.indexOf(worstK)
    return [
      {
        wish: 'comfort',
        asset: asset.id,
        amount,
        unit: 'K·h',
        reason: `${asset.title} is up to ${worstK.toFixed(1)} °C ${words} ${limitC[worst]!.toFixed(0)} °C for ${hours.toFixed(1)} h.`,
        reasonCode: words === 'below' ? 'zone.too-cold' : 'zone.too-warm',
        atMs: stepStartMs(
          frame.grid,
          felt.findIndex((value) => value > 0),
        ),
      },
    ]
  }
  return [
    ...missed(
      airC.map((value, k) => lowC[k]! - value),
      lowC,
      'below',
    ),
    ...missed(
      airC.map((value, k) => value - highC[k]!),
      highC,
      'above',
    ),
  ]
}

/** Less than this, K, is what a thermostat does anyway. */
const aheadK = 0.5

/** Says when the zone is warmed ahead of need. */
export function describeZone({ asset, outcome }: Explained<ZoneAsset>): readonly Reason[] {
  const { airC, lowC } = outcome.points
  const heatKw = outcome.points.heatKw ?? outcome.points.ownHeatKw
  if (!airC || !lowC || !heatKw) return []
  const ahead = airC.map((value, k) => (heatKw[k]! > 0.01 ? value - lowC[k]! : 0))
  const riseK = ahead.reduce((most, value) => Math.max(most, value), 0)
  if (riseK < aheadK) return []
  return [
    {
      step: ahead.indexOf(riseK),
      asset: asset.id,
      code: 'zone.warms-ahead',
      text: `${asset.title} is warmed ahead, up to ${riseK.toFixed(1)} °C above its lower limit, while heat costs less.`,
      values: { riseK },
    },
  ]
}
