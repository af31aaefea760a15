import type { BatteryAsset } from '../schema/index.ts'

/** Number of equal depth bands over the usable capacity; three keep wear within 4 % of the curve at exponent 1.3. */
export const depthBands = 3

export interface Band {
  /** Of the capacity. */
  readonly share: number
  readonly initialShare: number
  readonly wearPerKwh: number
  readonly mayCharge: boolean
  readonly mayDischarge: boolean
  readonly wish?: 'below' | 'above'
}

/**
 * Wear cost of one kWh drawn from depth band `index` of `count`, after Xu et al. 2018 (IEEE Trans. Power Systems 33(2),
 * eq. 7): the slope of the cycle-stress function Φ(δ) = δ^k / cycleLife over the band, times the replacement cost.
 */
export function bandWearPerKwh(asset: BatteryAsset, index: number, count: number): number {
  const stress = (depth: number): number => depth ** asset.wear.depthExponent / asset.wear.cycleLife
  const slope = count * (stress((index + 1) / count) - stress(index / count))
  return asset.wear.replacementCostPerKwh * slope
}

/** Splits the capacity into bands, the shallowest (highest) first; stored energy fills the deepest first. */
export function batteryBands(asset: BatteryAsset, most = depthBands): Band[] {
  const floorSoc = Math.min(asset.minSoc, asset.initialSoc)
  const ceilingSoc = Math.max(asset.maxSoc, asset.initialSoc)
  const usable = asset.maxSoc - asset.minSoc
  const count = asset.wear.depthExponent === 1 || asset.wear.replacementCostPerKwh === 0 ? 1 : most
  const bandShare = usable / count
  let remaining = Math.min(usable, Math.max(0, asset.initialSoc - asset.minSoc))
  const bands: Band[] = []
  for (let index = count - 1; index >= 0; index -= 1) {
    const initialShare = Math.min(bandShare, remaining)
    remaining -= initialShare
    bands.unshift({
      share: bandShare,
      initialShare,
      wearPerKwh: bandWearPerKwh(asset, index, count),
      mayCharge: true,
      mayDischarge: true,
    })
  }
  if (floorSoc < asset.minSoc) {
    const share = asset.minSoc - floorSoc
    bands.push({ share, initialShare: 0, wearPerKwh: 0, mayCharge: true, mayDischarge: false, wish: 'below' })
  }
  if (ceilingSoc > asset.maxSoc) {
    const share = ceilingSoc - asset.maxSoc
    bands.push({ share, initialShare: share, wearPerKwh: 0, mayCharge: false, mayDischarge: true, wish: 'above' })
  }
  return bands
}
