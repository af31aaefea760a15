import { type BatteryAsset, BatterySchema } from '../schema/index.ts'
import { bandWearPerKwh, batteryBands, depthBands } from './battery-bands.ts'
import { chargeLimitKw, simulateBattery } from './battery-physics.ts'
import { offerBatteryReserve } from './battery-reserve.ts'
import { describeBattery, outsideBand, reserveShort } from './battery-words.ts'
import {
  type Account,
  columns,
  defineComponent,
  type Exclusive,
  type Formulated,
  type Formulation,
  type Lived,
  type Published,
  perStep,
} from './component.ts'
import { brokenSteps, outside } from './limits.ts'
import { medianOverTime } from './median.ts'
import { reserveBreaches, reservePoints, sustainHours } from './reserve.ts'
import { addSizedColumns, beginSizedRow, mostOf, sizeIn } from './sized.ts'

/** Less, kWh, holds nothing that a limit on its power would have to hold down, and would only spoil the model's scale. */
const leastCapacityKwh = 1e-6

/** Worth of one stored kWh at the end: what it would save at the horizon's median price, less its wear. */
function terminalValuePerKwh(asset: BatteryAsset, prices: Float64Array, hours: Float64Array): number {
  if (asset.terminalValuePerKwh !== undefined) return asset.terminalValuePerKwh
  return Math.max(0, (medianOverTime(prices, hours) - bandWearPerKwh(asset, 1, depthBands)) * asset.dischargeEfficiency)
}

function formulate(formulation: Formulation<BatteryAsset, null>): Formulated {
  const { asset, frame, model, bus } = formulation
  const { count } = frame.grid
  const { hours } = frame
  const capacity = formulation.size('capacityKwh')
  const chargeSize = formulation.size('maxChargeKw')
  const dischargeSize = formulation.size('maxDischargeKw')
  const sized = typeof capacity !== 'number'
  const retention = hours.map((value) => (1 - asset.selfDischargePerDay) ** (value / 24))
  const bands = batteryBands(asset, frame.cyclic ? 1 : depthBands)
  const marginal = frame.tariff.importPrice.map(
    (price, k) => price + frame.tariff.carbonPricePerKg * frame.tariff.carbonIntensity[k]!,
  )
  const worth = frame.cyclic ? 0 : terminalValuePerKwh(asset, marginal, hours)
  const penalty = frame.penaltyPerKwh('reserve')
  const placed = bands.map((band, index) => {
    const name = `${asset.id}.band${index}`
    const charge = model.addColumns(`${name}.chargeKw`, count, {
      upper: band.mayCharge ? mostOf(chargeSize) : 0,
    })
    const discharge = model.addColumns(`${name}.dischargeKw`, count, {
      upper: band.mayDischarge ? mostOf(dischargeSize) : 0,
      cost: perStep(band.wearPerKwh / asset.dischargeEfficiency, hours),
    })
    const sign = band.wish === 'below' ? -1 : band.wish === 'above' ? 1 : 0
    const storedCost = perStep(sign * penalty, hours)
    if (band.wish === 'below') {
      for (const value of hours) model.addOffset(penalty * value * band.share * asset.capacityKwh)
    }
    if (count > 0) storedCost[count - 1]! -= worth
    const stored = addSizedColumns(model, `${name}.storedKwh`, count, {
      size: capacity,
      share: band.share,
      cost: storedCost,
    })
    if (!sized) model.addOffset(worth * band.initialShare * asset.capacityKwh)
    for (let k = 0; k < count; k += 1) {
      // stored − retention × stored before − … = 0, where before the first step stands the initial share of the capacity.
      const coefficient = k === 0 ? -retention[k]! * band.initialShare : 0
      beginSizedRow(model, `${name}.balance`, { size: capacity, coefficient, lower: 0, upper: 0 })
      model.term(stored + k, 1)
      if (k > 0) model.term(stored + k - 1, -retention[k]!)
      model.term(charge + k, -asset.chargeEfficiency * hours[k]!)
      model.term(discharge + k, hours[k]! / asset.dischargeEfficiency)
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
  const reserveShare = (frame.wishes.reserveSoc ?? 0) - baseShare
  let short = -1
  if (frame.wishes.reserveSoc !== undefined && reserveShare * mostOf(capacity) > 0) {
    const upper = reserveShare * mostOf(capacity)
    short = model.addColumns(`${asset.id}.reserveShortKwh`, count, { upper, cost: perStep(penalty, hours) })
    for (let k = 0; k < count; k += 1) {
      beginSizedRow(model, `${asset.id}.reserve`, {
        size: capacity,
        coefficient: -reserveShare,
        lower: 0,
        upper: Number.POSITIVE_INFINITY,
      })
      for (const { stored } of placed) model.term(stored + k, 1)
      model.term(short + k, 1)
      model.endRow()
    }
  }

  const reserve = offerBatteryReserve(formulation, { placed, capacity, chargeSize, dischargeSize, slopePerH, baseKwh })

  const exclusives: Exclusive[] = Array.from({ length: count }, (_, step) => ({
    step,
    a: placed.map(({ charge }) => charge + step),
    aMax: mostOf(chargeSize),
    b: placed.map(({ discharge }) => discharge + step),
    bMax: mostOf(dischargeSize),
  }))

  const usable = placed.filter(({ band }) => band.wish !== 'below')
  return {
    exclusives,
    ...(sized
      ? {}
      : {
          stock: {
            columns: usable.map(({ stored }) => stored),
            startKwh: usable.reduce((sum, { band }) => sum + band.initialShare * asset.capacityKwh, 0),
            chargeKw: asset.maxChargeKw,
            chargeEfficiency: asset.chargeEfficiency,
            dischargeEfficiency: asset.dischargeEfficiency,
          },
        }),
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
          wear += (values[discharge + k]! * hours[k]! * band.wearPerKwh) / asset.dischargeEfficiency
        }
        endKwh += values[stored + count - 1] ?? 0
        startKwh += band.initialShare * capacityKwh
      }
      for (let k = 0; k < count; k += 1) {
        powerKw[k] = dischargeKw[k]! - chargeKw[k]!
        soc[k]! /= Math.max(1e-9, capacityKwh)
      }
      return {
        points: { powerKw, soc, ...reserve.points(values) },
        cost: { wear, storedEnergy: worth * (startKwh - endKwh) },
        emissionsKgCo2e: 0,
        relaxed: [
          ...outsideBand(asset, soc, hours),
          ...(short < 0 ? [] : reserveShort(asset, columns(values, short, count), frame.wishes.reserveSoc ?? 0)),
        ],
      }
    },
  }
}

/** Wear of a state of charge that was lived, by the same bands, and the worth of what is left at the end. */
function account({ asset, frame, values }: Lived<BatteryAsset, null>): Account {
  const powerKw = values('powerKw')
  const soc = values('soc')
  const { importPrice, carbonPricePerKg, carbonIntensity } = frame.tariff
  const marginal = importPrice.map((price, k) => price + carbonPricePerKg * carbonIntensity[k]!)
  const bands = batteryBands({ ...asset, initialSoc: asset.maxSoc })
  let wear = 0
  for (let k = 0; k < powerKw.length; k += 1) {
    let drawn = (Math.max(0, powerKw[k]!) * frame.hours[k]!) / (asset.dischargeEfficiency * asset.capacityKwh)
    if (!(drawn > 0)) continue
    // From where the step began down through the bands, the shallowest first.
    let top = asset.maxSoc
    const from = soc[k]! + drawn
    for (const { share, wearPerKwh } of bands) {
      const part = Math.min(drawn, Math.max(0, Math.min(from, top) - (top - share)))
      wear += part * asset.capacityKwh * wearPerKwh
      drawn -= part
      top -= share
    }
  }
  const endKwh = (soc.at(-1) ?? asset.initialSoc) * asset.capacityKwh
  const worth = terminalValuePerKwh(asset, marginal, frame.hours)
  return {
    cost: { wear, storedEnergy: worth * (asset.initialSoc * asset.capacityKwh - endKwh) },
    emissionsKgCo2e: 0,
    relaxed: outsideBand(asset, soc, frame.hours),
  }
}

function breaches(published: Published<BatteryAsset, null>): string[] {
  const { asset, frame, values } = published
  const { hours } = frame
  const powerKw = values('powerKw')
  const soc = values('soc')
  const passesPower = brokenSteps('passes its power', powerKw, outside(-asset.maxChargeKw, asset.maxDischargeKw))
  if (asset.capacityKwh <= leastCapacityKwh) {
    return [
      ...passesPower,
      ...brokenSteps('stores in nothing', powerKw, outside(0, 0)),
      ...reserveBreaches(published, {}),
    ]
  }
  const floorSoc = Math.min(asset.minSoc, asset.initialSoc)
  const expectedKwh = (k: number): number => {
    const before = k === 0 ? asset.initialSoc : soc[k - 1]!
    const power = powerKw[k]!
    const storedKwh =
      power >= 0 ? (-power * hours[k]!) / asset.dischargeEfficiency : -power * hours[k]! * asset.chargeEfficiency
    const retention = (1 - asset.selfDischargePerDay) ** (hours[k]! / 24)
    return (floorSoc + retention * (before - floorSoc)) * asset.capacityKwh + storedKwh
  }
  const sustain = sustainHours(frame)
  const socBefore = (k: number): number => (k === 0 ? asset.initialSoc : soc[k - 1]!)
  /** Of the stock above the minimum, or the room below the maximum, at whichever end of the step has less. */
  const leastKwh = (k: number, of: (value: number) => number): number =>
    Math.max(0, Math.min(of(socBefore(k)), of(soc[k]!))) * asset.capacityKwh
  const sustainedKw = (energyKwh: number): number => (sustain > 0 ? energyKwh / sustain : Number.POSITIVE_INFINITY)
  const dustKwh = 1e-3 * Math.max(1, 1e-3 * asset.capacityKwh)
  return [
    ...passesPower,
    ...brokenSteps('leaves its band', soc, outside(floorSoc, Math.max(asset.maxSoc, asset.initialSoc))),
    ...brokenSteps(
      'stores what it was not given',
      soc,
      (value, k) => !(Math.abs(value * asset.capacityKwh - expectedKwh(k)) <= dustKwh),
    ),
    ...reserveBreaches(published, {
      upKw: (k) =>
        Math.min(
          asset.maxDischargeKw - powerKw[k]!,
          sustainedKw(leastKwh(k, (value) => value - asset.minSoc) * asset.dischargeEfficiency) + dustKwh,
        ),
      downKw: (k) =>
        Math.min(
          chargeLimitKw(asset, soc[k]!) + powerKw[k]!,
          sustainedKw(leastKwh(k, (value) => asset.maxSoc - value) / asset.chargeEfficiency) + dustKwh,
        ),
    }),
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
    ...reservePoints,
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
  // A plan refuses what rounding puts beyond empty or full.
  resume: (_asset, { soc }) => ({ initialSoc: Math.min(1, Math.max(0, soc)) }),
  account,
  offeredKw: () => 0,
  sizes: {
    capacityKwh: { unit: 'kWh', fields: ['capacityKwh'] },
    powerKw: { unit: 'kW', fields: ['maxDischargeKw', 'maxChargeKw'] },
  },
  balances: { electricity: 1 },
  breaches,
  simulate: simulateBattery,
  describe: describeBattery,
})
