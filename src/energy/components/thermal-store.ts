import { type Asset, stepStartMs } from '../../kernel/index.ts'
import { mainBus } from '../bus.ts'
import type { Frame } from '../frame.ts'
import { type Reason, type Relaxed, type ThermalStoreAsset, ThermalStoreSchema } from '../schema/index.ts'
import {
  type Conditions,
  columns,
  defineComponent,
  type Explained,
  type Formulated,
  type Formulation,
  hoursAbove,
  type Published,
  perStep,
  type SimulatedStep,
  sumKwh,
} from './component.ts'
import { heatWorthPerKwh } from './heat-worth.ts'
import { brokenSteps, outside, unnamedKwh } from './limits.ts'
import { addSizedColumns, beginSizedRow, type Size, sizeIn } from './sized.ts'

/** Of water at 50 °C: 988.0 kg/m3 times 4.181 kJ/(kg·K) (IAPWS-95), in kWh/(m3·K). */
const waterKwhPerM3K = (988.0 * 4.181) / 3600

/** Heat a store holds, kWh: as stated, or of its water over the span of temperature that is of use. */
export const thermalCapacityKwh = ({ capacityKwh, water }: ThermalStoreAsset): number =>
  capacityKwh ?? (water ? waterKwhPerM3K * water.volumeM3 * Math.max(0, water.hotC - water.coldC) : 0)

/** Mean temperature of the water at a state of charge, °C. */
const meanC = ({ hotC, coldC }: NonNullable<ThermalStoreAsset['water']>, soc: number): number =>
  coldC + soc * (hotC - coldC)

const retentionOf = ({ lossPerHour }: ThermalStoreAsset, stepHours: number): number => (1 - lossPerHour) ** stepHours

interface ThermalStoreInputs {
  /** Worth of a kWh that is left at the end, currency. */
  readonly worthPerKwh: number
}

/**
 * stored(k) = retention(k) · stored(k−1) + (charge − discharge) · Δt(k): no loss on the way in or out, a standing loss in
 * proportion to what is stored (one node, as PyPSA’s `Store`). A level outside its limits is priced until it is back inside.
 */
function formulate(formulation: Formulation<ThermalStoreAsset, ThermalStoreInputs>): Formulated {
  const { asset, inputs, frame, model, buses, size } = formulation
  const { count } = frame.grid
  const { hours } = frame
  const sized = size('capacityKwh') as Size | undefined
  const capacity = typeof sized === 'object' ? sized : thermalCapacityKwh(asset)
  const retention = hours.map((value) => retentionOf(asset, value))
  const worth = frame.cyclic ? 0 : inputs.worthPerKwh
  const penalty = perStep(frame.penaltyPerKwh('reserve'), hours)
  const charge = addSizedColumns(model, `${asset.id}.chargeKw`, count, { size: size('maxChargeKw') })
  const discharge = addSizedColumns(model, `${asset.id}.dischargeKw`, count, { size: size('maxDischargeKw') })
  const storedCost = new Float64Array(count)
  if (count > 0) storedCost[count - 1] = -worth
  const stored = addSizedColumns(model, `${asset.id}.storedKwh`, count, {
    size: capacity,
    share: Math.max(asset.maxSoc, asset.initialSoc),
    cost: storedCost,
  })
  const startKwh = typeof capacity === 'number' ? asset.initialSoc * capacity : 0
  model.addOffset(worth * startKwh)
  for (let k = 0; k < count; k += 1) {
    const coefficient = k === 0 ? -retention[0]! * asset.initialSoc : 0
    beginSizedRow(model, `${asset.id}.balance`, { size: capacity, coefficient, lower: 0, upper: 0 })
    model.term(stored + k, 1)
    if (k > 0) model.term(stored + k - 1, -retention[k]!)
    model.term(charge + k, -hours[k]!)
    model.term(discharge + k, hours[k]!)
    model.endRow()
  }
  // What is missing to the lower limit, or above the upper one.
  const outsideOf = (name: string, share: number, sign: 1 | -1): void => {
    if (share === 0) return
    const slack = addSizedColumns(model, `${asset.id}.${name}Kwh`, count, { size: capacity, share, cost: penalty })
    const limit = sign > 0 ? asset.minSoc : asset.maxSoc
    for (let k = 0; k < count; k += 1) {
      const [lower, upper] = sign > 0 ? [0, Number.POSITIVE_INFINITY] : [Number.NEGATIVE_INFINITY, 0]
      beginSizedRow(model, `${asset.id}.${name}`, { size: capacity, coefficient: -limit, lower, upper })
      model.term(stored + k, 1)
      model.term(slack + k, sign)
      model.endRow()
    }
  }
  // A standing loss can draw an idle store below its limit, wherever it began.
  outsideOf('below', asset.minSoc, 1)
  outsideOf('above', Math.max(0, asset.initialSoc - asset.maxSoc), -1)
  if (frame.cyclic && count > 0) {
    // What a standing loss or a source that is too small leaves missing at the end is a wish too.
    const missing = addSizedColumns(model, `${asset.id}.cycleKwh`, 1, {
      size: capacity,
      share: asset.initialSoc,
      cost: frame.penaltyPerKwh('reserve'),
    })
    beginSizedRow(model, `${asset.id}.cycle`, {
      size: capacity,
      coefficient: -asset.initialSoc,
      lower: 0,
      upper: Number.POSITIVE_INFINITY,
    })
    model.term(stored + count - 1, 1)
    model.term(missing, 1)
    model.endRow()
  }
  const heat = buses.of('heat', asset.heatBus)
  heat.draw(charge, 0, count)
  heat.supply(discharge, 0, count)
  return {
    read(values) {
      const capacityKwh = sizeIn(capacity, values)
      const storedKwh = columns(values, stored, count)
      const heatKw = columns(values, discharge, count).map((power, k) => power - values[charge + k]!)
      const soc = storedKwh.map((value) => (capacityKwh > 0 ? value / capacityKwh : 0))
      const { water } = asset
      return {
        points: { heatKw, storedKwh, soc, ...(water ? { meanC: soc.map((value) => meanC(water, value)) } : {}) },
        cost: { storedEnergy: worth * (asset.initialSoc * capacityKwh - (storedKwh.at(-1) ?? 0)) },
        emissionsKgCo2e: 0,
        relaxed: outsideLimits(asset, storedKwh, capacityKwh, frame),
      }
    },
  }
}

function outsideLimits(
  asset: Asset & ThermalStoreAsset,
  storedKwh: Float64Array,
  capacityKwh: number,
  frame: Frame,
): Relaxed[] {
  const relaxedBy = (amounts: Float64Array, reasonCode: string, words: string): Relaxed[] => {
    const amount = amounts.reduce((most, value) => Math.max(most, value), 0)
    if (amount <= unnamedKwh) return []
    const hours = hoursAbove(amounts, unnamedKwh, frame.hours)
    return [
      {
        wish: 'soc-band',
        asset: asset.id,
        amount,
        unit: 'kWh',
        reason: `${asset.title} is up to ${amount.toFixed(1)} kWh ${words} for ${hours.toFixed(1)} h.`,
        reasonCode,
        atMs: stepStartMs(
          frame.grid,
          amounts.findIndex((value) => value > unnamedKwh),
        ),
      },
    ]
  }
  return [
    ...relaxedBy(
      storedKwh.map((value) => asset.minSoc * capacityKwh - value),
      'thermal-store.below',
      'below its lower limit',
    ),
    ...relaxedBy(
      storedKwh.map((value) => value - asset.maxSoc * capacityKwh),
      'thermal-store.above',
      'above its upper limit',
    ),
  ]
}

function breaches({ asset, frame, values }: Published<ThermalStoreAsset, ThermalStoreInputs>): string[] {
  const heatKw = values('heatKw')
  const storedKwh = values('storedKwh')
  const capacityKwh = thermalCapacityKwh(asset)
  const { hours } = frame
  const dustKwh = 1e-3 * Math.max(1, 1e-3 * capacityKwh)
  return [
    ...brokenSteps('passes its power', heatKw, outside(-asset.maxChargeKw, asset.maxDischargeKw)),
    ...brokenSteps(
      'holds more than it can, or less than nothing',
      storedKwh,
      outside(0, Math.max(asset.maxSoc, asset.initialSoc) * capacityKwh),
    ),
    ...brokenSteps('holds heat that it was not given', storedKwh, (value, k) => {
      const before = k === 0 ? asset.initialSoc * capacityKwh : storedKwh[k - 1]!
      const kept = Math.exp(Math.log1p(-asset.lossPerHour) * hours[k]!) * before
      return !(Math.abs(value - (kept - heatKw[k]! * hours[k]!)) <= dustKwh)
    }),
  ]
}

/** A store of another capacity: as stated, or with more water in it. */
function resize(asset: ThermalStoreAsset, capacityKwh: number): Partial<ThermalStoreAsset> {
  const { water } = asset
  if (!water) return { capacityKwh }
  return { water: { ...water, volumeM3: capacityKwh / (waterKwhPerM3K * (water.hotC - water.coldC)) } }
}

interface ThermalStoreState {
  readonly soc: number
}

/** Steps the level; a set point beyond what the store can give or take is cut to that. */
function simulate(
  asset: ThermalStoreAsset,
  { soc }: ThermalStoreState,
  { stepHours, setpointKw = 0 }: Conditions,
): SimulatedStep<ThermalStoreState> {
  const capacityKwh = thermalCapacityKwh(asset)
  const keptKwh = soc * capacityKwh * retentionOf(asset, stepHours)
  const powerOf = (energyKwh: number): number => (energyKwh > 0 ? energyKwh / stepHours : 0)
  const heatKw =
    setpointKw >= 0
      ? Math.min(setpointKw, asset.maxDischargeKw, powerOf(keptKwh - asset.minSoc * capacityKwh))
      : -Math.min(-setpointKw, asset.maxChargeKw, powerOf(asset.maxSoc * capacityKwh - keptKwh))
  const storedKwh = keptKwh - heatKw * stepHours
  const next = capacityKwh > 0 ? storedKwh / capacityKwh : 0
  return {
    state: { soc: next },
    busKw: 0,
    otherKw: { heat: heatKw },
    points: { heatKw, storedKwh, soc: next, ...(asset.water ? { meanC: meanC(asset.water, next) } : {}) },
  }
}

function describe({ asset, outcome, frame }: Explained<ThermalStoreAsset>): readonly Reason[] {
  const heatKw = outcome.points.heatKw ?? new Float64Array()
  const chargedKwh = sumKwh(
    heatKw.map((power) => Math.max(0, -power)),
    frame.hours,
  )
  const dischargedKwh = sumKwh(
    heatKw.map((power) => Math.max(0, power)),
    frame.hours,
  )
  if (Math.max(chargedKwh, dischargedKwh) < 0.01 * thermalCapacityKwh(asset) + 0.5) return []
  return [
    {
      step: heatKw.findIndex((power) => Math.abs(power) > 0.01),
      asset: asset.id,
      code: 'thermal-store.moves',
      text: `${asset.title} takes in ${chargedKwh.toFixed(0)} kWh of heat and gives ${dischargedKwh.toFixed(0)} kWh in hours when heat is worth more.`,
      values: { chargedKwh, dischargedKwh },
    },
  ]
}

export const thermalStore = defineComponent<ThermalStoreAsset, ThermalStoreInputs, ThermalStoreState>({
  kind: 'thermal-store',
  title: 'Thermal store',
  schema: ThermalStoreSchema,
  points: [
    { id: 'heatKw', title: 'Heat, + discharging', unit: 'kW', role: 'measured' },
    { id: 'storedKwh', title: 'Stored heat', unit: 'kWh', role: 'measured' },
    { id: 'soc', title: 'State of charge', unit: '1', role: 'measured' },
    { id: 'meanC', title: 'Mean temperature', unit: 'degC', role: 'computed' },
  ],
  check(asset) {
    if ((asset.capacityKwh === undefined) === (asset.water === undefined)) {
      return [
        {
          detail: 'A thermal store says its size once',
          place: { path: 'capacityKwh' },
          ...(asset.capacityKwh === undefined ? {} : { found: asset.capacityKwh }),
          expected: 'either `capacityKwh` or `water`',
        },
      ]
    }
    if (asset.water && asset.water.hotC <= asset.water.coldC) {
      return [
        {
          detail: 'The hot end of the store is not above the cold one',
          place: { path: 'water.hotC' },
          found: asset.water.hotC,
          expected: `more than coldC (${asset.water.coldC})`,
        },
      ]
    }
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
  prepare: async (asset, frame, data) => ({
    worthPerKwh: asset.terminalValuePerKwh ?? (await heatWorthPerKwh(asset.heatBus ?? mainBus, frame, data)),
  }),
  baseline: () => null,
  formulate,
  initialState: (asset) => ({ soc: asset.initialSoc }),
  resume: (_asset, { soc }) => ({ initialSoc: Math.min(1, Math.max(0, soc)) }),
  account({ asset, inputs, frame, values }) {
    const storedKwh = values('storedKwh')
    const capacityKwh = thermalCapacityKwh(asset)
    const endKwh = storedKwh.at(-1) ?? asset.initialSoc * capacityKwh
    return {
      cost: { storedEnergy: frame.cyclic ? 0 : inputs.worthPerKwh * (asset.initialSoc * capacityKwh - endKwh) },
      emissionsKgCo2e: 0,
      relaxed: outsideLimits(asset, storedKwh, capacityKwh, frame),
    }
  },
  offeredKw: () => 0,
  sizes: {
    capacityKwh: { unit: 'kWh', fields: ['capacityKwh'], resize },
    powerKw: { unit: 'kW', fields: ['maxDischargeKw', 'maxChargeKw'] },
  },
  flows: (asset, { points }) => [
    { carrier: 'heat', bus: asset.heatBus ?? mainBus, powerKw: points.heatKw ?? new Float64Array() },
  ],
  balances: { heat: 0 },
  breaches,
  setpointOn: () => 'heat',
  simulate,
  describe,
})
