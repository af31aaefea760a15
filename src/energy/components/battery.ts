import { type BatteryAsset, BatterySchema } from '../schema/index.ts'
import { simulateBattery } from './battery-physics.ts'
import { describeBattery } from './battery-words.ts'
import { columns, defineComponent, type Exclusive, type Formulated, type Formulation } from './component.ts'

/** Number of equal depth bands over the usable capacity; three keep wear within 4 % of the curve at exponent 1.3. */
const depthBands = 3
/** Less, kWh, holds nothing that a limit on its power would have to hold down, and would only spoil the model's scale. */
const leastCapacityKwh = 1e-6

interface Band {
  readonly capacityKwh: number
  readonly initialKwh: number
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
export function batteryBands(asset: BatteryAsset): Band[] {
  const floorSoc = Math.min(asset.minSoc, asset.initialSoc)
  const ceilingSoc = Math.max(asset.maxSoc, asset.initialSoc)
  const usableKwh = (asset.maxSoc - asset.minSoc) * asset.capacityKwh
  const count = asset.wear.depthExponent === 1 || asset.wear.replacementCostPerKwh === 0 ? 1 : depthBands
  const bandKwh = usableKwh / count
  let remainingKwh = Math.min(usableKwh, Math.max(0, (asset.initialSoc - asset.minSoc) * asset.capacityKwh))
  const bands: Band[] = []
  for (let index = count - 1; index >= 0; index -= 1) {
    const initialKwh = Math.min(bandKwh, remainingKwh)
    remainingKwh -= initialKwh
    bands.unshift({
      capacityKwh: bandKwh,
      initialKwh,
      wearPerKwh: bandWearPerKwh(asset, index, count),
      mayCharge: true,
      mayDischarge: true,
    })
  }
  if (floorSoc < asset.minSoc) {
    const capacityKwh = (asset.minSoc - floorSoc) * asset.capacityKwh
    bands.push({ capacityKwh, initialKwh: 0, wearPerKwh: 0, mayCharge: true, mayDischarge: false, wish: 'below' })
  }
  if (ceilingSoc > asset.maxSoc) {
    const capacityKwh = (ceilingSoc - asset.maxSoc) * asset.capacityKwh
    bands.push({
      capacityKwh,
      initialKwh: capacityKwh,
      wearPerKwh: 0,
      mayCharge: false,
      mayDischarge: true,
      wish: 'above',
    })
  }
  return bands
}

/** Worth of one stored kWh at the end: what it would save at the horizon's median price, less its wear. */
function terminalValuePerKwh(asset: BatteryAsset, prices: Float64Array): number {
  if (asset.terminalValuePerKwh !== undefined) return asset.terminalValuePerKwh
  const sorted = Float64Array.from(prices).sort()
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0
  return Math.max(0, (median - bandWearPerKwh(asset, 1, depthBands)) * asset.dischargeEfficiency)
}

function formulate({ asset, frame, model, bus }: Formulation<BatteryAsset, null>): Formulated {
  const { count } = frame.grid
  const { stepHours: hours } = frame
  const retention = (1 - asset.selfDischargePerDay) ** (hours / 24)
  const bands = batteryBands(asset)
  const marginal = frame.tariff.importPrice.map(
    (price, k) => price + frame.tariff.carbonPricePerKg * frame.tariff.carbonIntensity[k]!,
  )
  const worth = terminalValuePerKwh(asset, marginal)
  const penalty = frame.penaltyPerKwh('reserve')
  const placed = bands.map((band, index) => {
    const name = `${asset.id}.band${index}`
    const charge = model.addColumns(`${name}.chargeKw`, count, {
      upper: band.mayCharge ? asset.maxChargeKw : 0,
    })
    const discharge = model.addColumns(`${name}.dischargeKw`, count, {
      upper: band.mayDischarge ? asset.maxDischargeKw : 0,
      cost: (band.wearPerKwh * hours) / asset.dischargeEfficiency,
    })
    const storedCost = new Float64Array(count)
    if (band.wish === 'below') {
      storedCost.fill(-penalty * hours)
      model.addOffset(penalty * hours * band.capacityKwh * count)
    }
    if (band.wish === 'above') storedCost.fill(penalty * hours)
    if (count > 0) storedCost[count - 1]! -= worth
    const stored = model.addColumns(`${name}.storedKwh`, count, { upper: band.capacityKwh, cost: storedCost })
    model.addOffset(worth * band.initialKwh)
    for (let k = 0; k < count; k += 1) {
      const before = k === 0 ? retention * band.initialKwh : 0
      model.beginRow(`${name}.balance`, before, before)
      model.term(stored + k, 1)
      if (k > 0) model.term(stored + k - 1, -retention)
      model.term(charge + k, -asset.chargeEfficiency * hours)
      model.term(discharge + k, hours / asset.dischargeEfficiency)
      model.endRow()
    }
    bus.draw(charge, 0, count)
    bus.supply(discharge, 0, count)
    return { charge, discharge, stored, band }
  })

  // Charging power tapers linearly above taperSoc; the level at the end of the step rules, which is the safe side.
  const baseKwh = Math.min(asset.minSoc, asset.initialSoc) * asset.capacityKwh
  const real = asset.capacityKwh > leastCapacityKwh
  const slopePerH =
    real && asset.taperSoc < 1
      ? (asset.maxChargeKw * (1 - asset.taperPower)) / ((1 - asset.taperSoc) * asset.capacityKwh)
      : 0
  for (let k = 0; k < count && real; k += 1) {
    model.beginRow(
      `${asset.id}.taper`,
      Number.NEGATIVE_INFINITY,
      asset.maxChargeKw + slopePerH * (asset.taperSoc * asset.capacityKwh - baseKwh),
    )
    for (const { charge, stored } of placed) {
      model.term(charge + k, 1)
      if (slopePerH > 0) model.term(stored + k, slopePerH)
    }
    model.endRow()
    model.beginRow(`${asset.id}.chargeLimit`, Number.NEGATIVE_INFINITY, asset.maxChargeKw)
    for (const { charge } of placed) model.term(charge + k, 1)
    model.endRow()
    if (placed.length > 1) {
      model.beginRow(`${asset.id}.dischargeLimit`, Number.NEGATIVE_INFINITY, asset.maxDischargeKw)
      for (const { discharge } of placed) model.term(discharge + k, 1)
      model.endRow()
    }
  }

  // The reserve wish: stay above reserveSoc, or say by how much not.
  const reserveKwh = ((frame.wishes.reserveSoc ?? 0) - baseKwh / Math.max(1e-9, asset.capacityKwh)) * asset.capacityKwh
  let short = -1
  if (frame.wishes.reserveSoc !== undefined && reserveKwh > 0) {
    short = model.addColumns(`${asset.id}.reserveShortKwh`, count, { upper: reserveKwh, cost: penalty * hours })
    for (let k = 0; k < count; k += 1) {
      model.beginRow(`${asset.id}.reserve`, reserveKwh, Number.POSITIVE_INFINITY)
      for (const { stored } of placed) model.term(stored + k, 1)
      model.term(short + k, 1)
      model.endRow()
    }
  }

  const exclusives: Exclusive[] = Array.from({ length: count }, (_, step) => ({
    step,
    a: placed.map(({ charge }) => charge + step),
    aMax: asset.maxChargeKw,
    b: placed.map(({ discharge }) => discharge + step),
    bMax: asset.maxDischargeKw,
  }))

  return {
    exclusives,
    read(values) {
      const powerKw = new Float64Array(count)
      const chargeKw = new Float64Array(count)
      const dischargeKw = new Float64Array(count)
      const soc = new Float64Array(count).fill(baseKwh)
      let wear = 0
      let endKwh = 0
      let startKwh = 0
      for (const { charge, discharge, stored, band } of placed) {
        for (let k = 0; k < count; k += 1) {
          chargeKw[k]! += values[charge + k]!
          dischargeKw[k]! += values[discharge + k]!
          soc[k]! += values[stored + k]!
          wear += (values[discharge + k]! * hours * band.wearPerKwh) / asset.dischargeEfficiency
        }
        endKwh += values[stored + count - 1] ?? 0
        startKwh += band.initialKwh
      }
      for (let k = 0; k < count; k += 1) {
        powerKw[k] = dischargeKw[k]! - chargeKw[k]!
        soc[k]! /= Math.max(1e-9, asset.capacityKwh)
      }
      return {
        points: { powerKw, soc },
        cost: { wear, storedEnergy: worth * (startKwh - endKwh) },
        emissionsKgCo2e: 0,
        relaxed: [
          ...outsideBand(asset, soc),
          ...(short < 0 ? [] : reserveShort(asset, columns(values, short, count), frame.wishes.reserveSoc ?? 0)),
        ],
      }
    },
  }
}

function outsideBand(asset: BatteryAsset & { id: string; title: string }, soc: Float64Array) {
  const outside =
    asset.initialSoc < asset.minSoc ? asset.minSoc - asset.initialSoc : Math.max(0, asset.initialSoc - asset.maxSoc)
  const amount = outside * asset.capacityKwh
  if (amount <= 0.01) return []
  const steps = soc.filter((value) => value < asset.minSoc - 1e-6 || value > asset.maxSoc + 1e-6).length
  const side = asset.initialSoc < asset.minSoc ? 'below its minimum' : 'above its maximum'
  const until = steps < soc.length ? `is back inside after ${steps} steps` : 'stays outside until the plan ends'
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

function reserveShort(asset: { id: string; title: string }, shortKwh: Float64Array, reserveSoc: number) {
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

export const battery = defineComponent<BatteryAsset, null, { readonly soc: number }>({
  kind: 'battery',
  title: 'Battery',
  schema: BatterySchema,
  points: [
    { id: 'powerKw', title: 'Power, + discharging', unit: 'kW', role: 'measured' },
    { id: 'soc', title: 'State of charge', unit: '1', role: 'measured' },
  ],
  check(asset) {
    if (asset.minSoc <= asset.maxSoc) return []
    return [
      {
        detail: 'The minimum state of charge lies above the maximum',
        place: { path: 'minSoc' },
        found: asset.minSoc,
        expected: `at most maxSoc (${asset.maxSoc})`,
      },
    ]
  },
  prepare: async () => null,
  baseline: () => null,
  formulate,
  initialState: (asset) => ({ soc: asset.initialSoc }),
  offeredKw: () => 0,
  simulate: simulateBattery,
  describe: describeBattery,
})
