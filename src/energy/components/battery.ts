import { type BatteryAsset, BatterySchema } from '../schema/index.ts'
import { chargeLimitKw, simulateBattery } from './battery-physics.ts'
import { describeBattery } from './battery-words.ts'
import {
  columns,
  defineComponent,
  type Exclusive,
  type Formulated,
  type Formulation,
  type Published,
} from './component.ts'
import { brokenSteps, outside } from './limits.ts'
import { addSizedColumns, beginSizedRow, mostOf, sizeIn } from './sized.ts'

/** Number of equal depth bands over the usable capacity; three keep wear within 4 % of the curve at exponent 1.3. */
const depthBands = 3
/** Less, kWh, holds nothing that a limit on its power would have to hold down, and would only spoil the model's scale. */
const leastCapacityKwh = 1e-6

interface Band {
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

/** Worth of one stored kWh at the end: what it would save at the horizon's median price, less its wear. */
function terminalValuePerKwh(asset: BatteryAsset, prices: Float64Array): number {
  if (asset.terminalValuePerKwh !== undefined) return asset.terminalValuePerKwh
  const sorted = Float64Array.from(prices).sort()
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0
  return Math.max(0, (median - bandWearPerKwh(asset, 1, depthBands)) * asset.dischargeEfficiency)
}

function formulate(formulation: Formulation<BatteryAsset, null>): Formulated {
  const { asset, frame, model, bus } = formulation
  const { count } = frame.grid
  const { stepHours: hours } = frame
  const capacity = formulation.size('capacityKwh')
  const chargeSize = formulation.size('maxChargeKw')
  const dischargeSize = formulation.size('maxDischargeKw')
  const sized = typeof capacity !== 'number'
  const retention = (1 - asset.selfDischargePerDay) ** (hours / 24)
  const bands = batteryBands(asset, frame.cyclic ? 1 : depthBands)
  const marginal = frame.tariff.importPrice.map(
    (price, k) => price + frame.tariff.carbonPricePerKg * frame.tariff.carbonIntensity[k]!,
  )
  const worth = frame.cyclic ? 0 : terminalValuePerKwh(asset, marginal)
  const penalty = frame.penaltyPerKwh('reserve')
  const placed = bands.map((band, index) => {
    const name = `${asset.id}.band${index}`
    const charge = model.addColumns(`${name}.chargeKw`, count, {
      upper: band.mayCharge ? mostOf(chargeSize) : 0,
    })
    const discharge = model.addColumns(`${name}.dischargeKw`, count, {
      upper: band.mayDischarge ? mostOf(dischargeSize) : 0,
      cost: (band.wearPerKwh * hours) / asset.dischargeEfficiency,
    })
    const storedCost = new Float64Array(count)
    if (band.wish === 'below') {
      storedCost.fill(-penalty * hours)
      model.addOffset(penalty * hours * band.share * asset.capacityKwh * count)
    }
    if (band.wish === 'above') storedCost.fill(penalty * hours)
    if (count > 0) storedCost[count - 1]! -= worth
    const stored = addSizedColumns(model, `${name}.storedKwh`, count, {
      size: capacity,
      share: band.share,
      cost: storedCost,
    })
    if (!sized) model.addOffset(worth * band.initialShare * asset.capacityKwh)
    for (let k = 0; k < count; k += 1) {
      // stored − retention × stored before − … = 0, where before the first step stands the initial share of the capacity.
      const coefficient = k === 0 ? -retention * band.initialShare : 0
      beginSizedRow(model, `${name}.balance`, { size: capacity, coefficient, lower: 0, upper: 0 })
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
  if (frame.cyclic) {
    const coefficient = -bands.reduce((sum, { initialShare }) => sum + initialShare, 0)
    beginSizedRow(model, `${asset.id}.cycle`, {
      size: capacity,
      coefficient,
      lower: 0,
      upper: Number.POSITIVE_INFINITY,
    })
    for (const { stored } of placed) model.term(stored + count - 1, 1)
    model.endRow()
  }

  // Charging power tapers linearly above taperSoc; the level at the end of the step rules, which is the safe side.
  const baseShare = Math.min(asset.minSoc, asset.initialSoc)
  const baseKwh = baseShare * asset.capacityKwh
  const real = asset.capacityKwh > leastCapacityKwh
  // The product of two sizes that are both decided is not linear: then the taper is left to the simulation.
  const tapers = asset.taperSoc < 1 && !sized && typeof chargeSize === 'number'
  const slopePerH =
    real && tapers ? (asset.maxChargeKw * (1 - asset.taperPower)) / ((1 - asset.taperSoc) * asset.capacityKwh) : 0
  const limitRow = (
    name: string,
    size: typeof chargeSize,
    k: number,
    first: (part: (typeof placed)[number]) => number,
  ) => {
    beginSizedRow(model, name, { size, coefficient: -1, lower: Number.NEGATIVE_INFINITY, upper: 0 })
    for (const part of placed) model.term(first(part) + k, 1)
    model.endRow()
  }
  for (let k = 0; k < count && real; k += 1) {
    if (slopePerH > 0) {
      const upper = asset.maxChargeKw + slopePerH * (asset.taperSoc * asset.capacityKwh - baseKwh)
      model.beginRow(`${asset.id}.taper`, Number.NEGATIVE_INFINITY, upper)
      for (const { charge, stored } of placed) {
        model.term(charge + k, 1)
        model.term(stored + k, slopePerH)
      }
      model.endRow()
    }
    if (placed.length > 1 || typeof chargeSize !== 'number') {
      limitRow(`${asset.id}.chargeLimit`, chargeSize, k, ({ charge }) => charge)
    }
    if (placed.length > 1 || typeof dischargeSize !== 'number') {
      limitRow(`${asset.id}.dischargeLimit`, dischargeSize, k, ({ discharge }) => discharge)
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
    aMax: mostOf(chargeSize),
    b: placed.map(({ discharge }) => discharge + step),
    bMax: mostOf(dischargeSize),
  }))

  return {
    exclusives,
    read(values) {
      const powerKw = new Float64Array(count)
      const chargeKw = new Float64Array(count)
      const dischargeKw = new Float64Array(count)
      const capacityKwh = sizeIn(capacity, values)
      const soc = new Float64Array(count).fill(baseShare * capacityKwh)
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
        startKwh += band.initialShare * capacityKwh
      }
      for (let k = 0; k < count; k += 1) {
        powerKw[k] = dischargeKw[k]! - chargeKw[k]!
        soc[k]! /= Math.max(1e-9, capacityKwh)
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

function breaches({ asset, frame, values }: Published<BatteryAsset, null>): string[] {
  const hours = frame.stepHours
  const powerKw = values('powerKw')
  const soc = values('soc')
  const passesPower = brokenSteps('passes its power', powerKw, outside(-asset.maxChargeKw, asset.maxDischargeKw))
  if (asset.capacityKwh <= leastCapacityKwh) {
    return [...passesPower, ...brokenSteps('stores in nothing', powerKw, outside(0, 0))]
  }
  const floorSoc = Math.min(asset.minSoc, asset.initialSoc)
  const retention = (1 - asset.selfDischargePerDay) ** (hours / 24)
  const expectedKwh = (k: number): number => {
    const before = k === 0 ? asset.initialSoc : soc[k - 1]!
    const power = powerKw[k]!
    const storedKwh =
      power >= 0 ? (-power * hours) / asset.dischargeEfficiency : -power * hours * asset.chargeEfficiency
    return (floorSoc + retention * (before - floorSoc)) * asset.capacityKwh + storedKwh
  }
  const dustKwh = 1e-3 * Math.max(1, 1e-3 * asset.capacityKwh)
  return [
    ...passesPower,
    ...brokenSteps('leaves its band', soc, outside(floorSoc, Math.max(asset.maxSoc, asset.initialSoc))),
    ...brokenSteps(
      'stores what it was not given',
      soc,
      (value, k) => !(Math.abs(value * asset.capacityKwh - expectedKwh(k)) <= dustKwh),
    ),
    ...brokenSteps('charges above its taper', powerKw, (power, k) => -power > chargeLimitKw(asset, soc[k]!) + dustKwh),
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
  balances: { electricity: 1 },
  breaches,
  simulate: simulateBattery,
  describe: describeBattery,
})
