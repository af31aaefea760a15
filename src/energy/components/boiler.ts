import { mainBus } from '../bus.ts'
import { type BoilerAsset, BoilerSchema } from '../schema/index.ts'
import {
  type Account,
  type Conditions,
  columns,
  defineComponent,
  type Flow,
  type Formulated,
  type Formulation,
  hoursAbove,
  type Outcome,
  type Published,
  perStep,
  type SimulatedStep,
  sumKwh,
} from './component.ts'
import { brokenSteps, outside, tolerance } from './limits.ts'
import { addSizedColumns } from './sized.ts'

/** Fuel units a kWh of heat takes; nothing for an electric boiler. */
export const fuelPerHeatKwh = ({ electric, fuel, efficiency }: BoilerAsset): number =>
  electric || !fuel ? 0 : 1 / (efficiency * fuel.kwhPerUnit)

/** What a kWh of heat costs in fuel and its carbon; nothing for an electric boiler, whose bus knows the price. */
export const fuelCostPerHeatKwh = (asset: BoilerAsset, carbonPricePerKg: number): number =>
  fuelPerHeatKwh(asset) * ((asset.fuel?.pricePerUnit ?? 0) + carbonPricePerKg * (asset.fuel?.kgCo2ePerUnit ?? 0))

/** What the fuel of a heat costs and emits. */
function fuelAccount(asset: BoilerAsset, heatKw: Float64Array, hours: Float64Array): Account {
  const fuelUnits = fuelPerHeatKwh(asset) * sumKwh(heatKw, hours)
  return {
    cost: { fuel: fuelUnits * (asset.fuel?.pricePerUnit ?? 0) },
    emissionsKgCo2e: fuelUnits * (asset.fuel?.kgCo2ePerUnit ?? 0),
    relaxed: [],
  }
}

function formulate({ asset, frame, model, bus, buses, size }: Formulation<BoilerAsset, null>): Formulated {
  const { count } = frame.grid
  const { hours } = frame
  const heat = addSizedColumns(model, `${asset.id}.heatKw`, count, {
    size: size('ratedKw'),
    cost: perStep(fuelCostPerHeatKwh(asset, frame.tariff.carbonPricePerKg), hours),
  })
  buses.of('heat', asset.heatBus).supply(heat, 0, count)
  if (asset.electric) bus.draw(heat, 0, count, 1 / asset.efficiency)
  return {
    read(values): Outcome {
      const heatKw = columns(values, heat, count)
      if (asset.electric) {
        const powerKw = heatKw.map((value) => value / asset.efficiency)
        return { points: { powerKw, heatKw }, cost: {}, emissionsKgCo2e: 0, relaxed: [] }
      }
      const perKwh = fuelPerHeatKwh(asset)
      return {
        points: { heatKw, fuelPerHour: heatKw.map((value) => value * perKwh) },
        units: { fuelPerHour: `${asset.fuel?.unit ?? '1'}/h` },
        ...fuelAccount(asset, heatKw, hours),
      }
    },
  }
}

function flows(asset: BoilerAsset, { points }: Outcome): Flow[] {
  const heat: Flow = { carrier: 'heat', bus: asset.heatBus ?? mainBus, powerKw: points.heatKw ?? new Float64Array() }
  if (!points.powerKw) return [heat]
  return [{ carrier: 'electricity', bus: asset.bus ?? mainBus, powerKw: points.powerKw.map((power) => -power) }, heat]
}

function breaches({ asset, values }: Published<BoilerAsset, null>): string[] {
  const heatKw = values('heatKw')
  const intoHeatKw = asset.electric
    ? values('powerKw').map((power) => power * asset.efficiency)
    : values('fuelPerHour').map((units) => units * (asset.fuel?.kwhPerUnit ?? 0) * asset.efficiency)
  const dust = tolerance * Math.max(1, 1e-3 * asset.ratedKw)
  return [
    ...brokenSteps('passes its rating', heatKw, outside(0, asset.ratedKw)),
    ...brokenSteps(
      'gives heat that it is not fed for',
      heatKw,
      (heat, k) => !(Math.abs(heat - intoHeatKw[k]!) <= dust),
    ),
  ]
}

interface BoilerState {
  readonly fuelUnits: number
}

function simulate(
  asset: BoilerAsset,
  { fuelUnits }: BoilerState,
  { stepHours, setpointKw = 0, setpointOn }: Conditions,
): SimulatedStep<BoilerState> {
  const asksHeat = setpointOn === 'heat' || !asset.electric
  const wantedKw = asksHeat ? setpointKw : -setpointKw * asset.efficiency
  const heatKw = Math.min(asset.ratedKw, Math.max(0, wantedKw))
  if (asset.electric) {
    const powerKw = heatKw / asset.efficiency
    return { state: { fuelUnits }, busKw: -powerKw, otherKw: { heat: heatKw }, points: { powerKw, heatKw } }
  }
  const fuelPerHour = heatKw * fuelPerHeatKwh(asset)
  return {
    state: { fuelUnits: fuelUnits + fuelPerHour * stepHours },
    busKw: 0,
    otherKw: { heat: heatKw },
    points: { heatKw, fuelPerHour },
  }
}

export const boiler = defineComponent<BoilerAsset, null, BoilerState>({
  kind: 'boiler',
  title: 'Boiler',
  schema: BoilerSchema,
  points: [
    { id: 'heatKw', title: 'Heat', unit: 'kW', role: 'measured' },
    // Computed: a boiler has one or the other, and the other must not be missed.
    { id: 'powerKw', title: 'Power drawn', unit: 'kW', role: 'computed' },
    { id: 'fuelPerHour', title: 'Fuel an hour', unit: '1/h', role: 'computed' },
  ],
  check(asset) {
    if (asset.electric && asset.efficiency > 1) {
      return [
        {
          detail: 'An electric boiler gives no more heat than it draws electricity',
          place: { path: 'efficiency' },
          found: asset.efficiency,
          expected: 'at most 1; a heat pump has a COP',
        },
      ]
    }
    if (asset.electric === (asset.fuel === undefined)) return []
    return [
      {
        detail: asset.electric ? 'An electric boiler burns no fuel' : 'A boiler needs its fuel, or `electric: true`',
        place: { path: 'fuel' },
        expected: '`fuel` or `electric: true`',
      },
    ]
  },
  prepare: async () => null,
  formulate,
  initialState: () => ({ fuelUnits: 0 }),
  offeredKw: () => 0,
  account: ({ asset, frame, values }) => fuelAccount(asset, values('heatKw'), frame.hours),
  sizes: { ratedKw: { unit: 'kW', fields: ['ratedKw'] } },
  draws: true,
  flows,
  balances: { heat: 2 },
  dearestPerKwh: fuelCostPerHeatKwh,
  breaches,
  setpointOn: ({ electric }) => (electric ? 'electricity' : 'heat'),
  simulate,
  describe({ asset, outcome, frame }) {
    const heatKw = outcome.points.heatKw ?? new Float64Array()
    const heatKwh = sumKwh(heatKw, frame.hours)
    const hours = hoursAbove(heatKw, 0.01, frame.hours)
    if (heatKwh < 0.5) return []
    return [
      {
        step: heatKw.findIndex((heat) => heat > 0.01),
        asset: asset.id,
        code: 'boiler.runs',
        text: `${asset.title} fires ${hours.toFixed(1)} h and gives ${heatKwh.toFixed(0)} kWh of heat.`,
        values: { hours, heatKwh },
      },
    ]
  },
})
