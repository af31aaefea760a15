import { type Asset, stepStartMs } from '../../kernel/index.ts'
import { mainBus } from '../bus.ts'
import type { Frame } from '../frame.ts'
import { readWhole } from '../read-power.ts'
import { type HydrogenLoadAsset, HydrogenLoadSchema } from '../schema/index.ts'
import {
  columns,
  defineComponent,
  type Formulated,
  type Formulation,
  type Outcome,
  type Published,
  perStep,
  sumKwh,
} from './component.ts'
import { type Stay, staysOnGrid } from './ev-stays.ts'
import { hydrogenKwhPerKg } from './hydrogen.ts'
import { brokenSteps, outside, tolerance, unnamedKwh } from './limits.ts'

interface HydrogenLoadInputs {
  /** Use whose time is given, kW of lower heating value. */
  readonly demandKw: Float64Array
  /** Deliveries inside the horizon: any time in their window. */
  readonly deliveries: readonly Stay[]
  /** Both, with deliveries spread evenly over their windows: what the load takes without a plan. */
  readonly evenKw: Float64Array
}

/**
 * Occurrences of the deliveries on the grid. A delivery is to hydrogen what a stay is to a vehicle: a window, an amount,
 * a most; one that the horizon cuts needs the share of its mass that its time inside the horizon has.
 */
const deliveriesOnGrid = (asset: HydrogenLoadAsset, frame: Frame): Stay[] =>
  staysOnGrid(
    {
      feederLimitKw: 0,
      efficiency: 1,
      sessions: (asset.deliveries ?? []).map(({ id, massKg, from, to, maxKgPerH }) => ({
        id,
        arrival: from === '24:00' ? '00:00' : from,
        departure: to === '24:00' ? '00:00' : to,
        energyKwh: massKg * hydrogenKwhPerKg,
        maxKw: maxKgPerH * hydrogenKwhPerKg,
      })),
    } as unknown as Parameters<typeof staysOnGrid>[0],
    frame,
  )

function inputsOf(demandKw: Float64Array, deliveries: readonly Stay[], frame: Frame): HydrogenLoadInputs {
  const evenKw = demandKw.slice()
  for (const { from, presence, energyKwh, maxKw } of deliveries) {
    const hours = presence.reduce((sum, share, index) => sum + share * frame.hours[from + index]!, 0)
    const rateKw = Math.min(maxKw, energyKwh / Math.max(1e-9, hours))
    presence.forEach((share, index) => {
      evenKw[from + index]! += rateKw * share
    })
  }
  return { demandKw, deliveries, evenKw }
}

function formulate({
  asset,
  inputs,
  frame,
  model,
  buses,
}: Formulation<HydrogenLoadAsset, HydrogenLoadInputs>): Formulated {
  const { demandKw, deliveries } = inputs
  const { count } = frame.grid
  const { hours } = frame
  const bus = buses.of('hydrogen', asset.hydrogenBus)
  const penalty = frame.penaltyPerKwh('serve-load')
  bus.fixed(demandKw)
  const unserved = model.addColumns(`${asset.id}.unservedKw`, count, { upper: demandKw, cost: perStep(penalty, hours) })
  bus.supply(unserved, 0, count)
  const placed = deliveries.map((delivery) => {
    const name = `${asset.id}.${delivery.id}`
    const flow = model.addColumns(`${name}.hydrogenKw`, delivery.to - delivery.from, {
      upper: delivery.presence.map((share) => share * delivery.maxKw),
    })
    const short = model.addColumns(`${name}.shortKwh`, 1, { upper: delivery.energyKwh, cost: penalty })
    model.beginRow(`${name}.delivered`, delivery.energyKwh, delivery.energyKwh)
    for (let k = 0; k < delivery.to - delivery.from; k += 1) model.term(flow + k, hours[delivery.from + k]!)
    model.term(short, 1)
    model.endRow()
    bus.draw(flow, delivery.from, delivery.to)
    return { delivery, flow, short }
  })
  return {
    read(values): Outcome {
      const unservedKw = columns(values, unserved, count)
      const hydrogenKw = demandKw.map((demand, k) => demand - unservedKw[k]!)
      let shortKwh = sumKwh(unservedKw, hours)
      let step = unservedKw.findIndex((power) => power > 1e-6)
      for (const { delivery, flow, short } of placed) {
        for (let k = delivery.from; k < delivery.to; k += 1) hydrogenKw[k]! += values[flow + k - delivery.from]!
        shortKwh += values[short]!
        if (values[short]! > 1e-6 && step < 0) step = delivery.from
      }
      return {
        points: { hydrogenKw, massKgPerH: hydrogenKw.map((power) => power / hydrogenKwhPerKg) },
        cost: {},
        emissionsKgCo2e: 0,
        relaxed: shortKwh > unnamedKwh ? [unmet(asset, shortKwh, frame, step)] : [],
      }
    },
  }
}

const unmet = (asset: Asset, amount: number, { grid }: Frame, step: number) => ({
  wish: 'serve-load',
  asset: asset.id,
  amount,
  unit: 'kWh',
  reason: `${asset.title} goes without ${(amount / hydrogenKwhPerKg).toFixed(1)} kg of hydrogen: stores are empty and nothing makes more.`,
  reasonCode: 'hydrogen.unserved',
  atMs: stepStartMs(grid, Math.max(0, step)),
})

function breaches({ inputs, frame, outcome, values }: Published<HydrogenLoadAsset, HydrogenLoadInputs>): string[] {
  const { demandKw, deliveries } = inputs
  const hydrogenKw = values('hydrogenKw')
  const mostKw = demandKw.slice()
  for (const { from, presence, maxKw } of deliveries) {
    presence.forEach((share, index) => {
      mostKw[from + index]! += share * maxKw
    })
  }
  const largestKw = mostKw.reduce((most, power) => Math.max(most, power), 0)
  const wantedKwh = sumKwh(demandKw, frame.hours) + deliveries.reduce((sum, { energyKwh }) => sum + energyKwh, 0)
  const leftOutKwh = wantedKwh - sumKwh(hydrogenKw, frame.hours)
  const namedKwh = outcome.relaxed.reduce((sum, { amount }) => sum + amount, 0)
  const dustKwh = unnamedKwh + tolerance * Math.max(1, 1e-3 * largestKw) * frame.grid.count
  return [
    ...brokenSteps('takes more than it may, or less than nothing', hydrogenKw, (power, k) =>
      outside(0, mostKw[k]!)(power),
    ),
    ...(Math.abs(leftOutKwh - namedKwh) > dustKwh ? [`goes without ${leftOutKwh} kWh and names ${namedKwh}`] : []),
  ]
}

export const hydrogenLoad = defineComponent<HydrogenLoadAsset, HydrogenLoadInputs, null>({
  kind: 'hydrogen-load',
  title: 'Hydrogen load',
  schema: HydrogenLoadSchema,
  points: [
    { id: 'hydrogenKw', title: 'Hydrogen, lower heating value', unit: 'kW', role: 'measured' },
    { id: 'massKgPerH', title: 'Hydrogen', unit: 'kg/h', role: 'measured' },
  ],
  check: ({ demand, deliveries }) =>
    demand === undefined && deliveries === undefined
      ? [
          {
            detail: 'The load says neither when nor how much hydrogen it needs',
            place: { path: 'demand' },
            expected: '`demand` (kg/h), `deliveries`, or both',
          },
        ]
      : [],
  async prepare(asset, frame, data) {
    const deliveries = deliveriesOnGrid(asset, frame)
    if (asset.demand === undefined) return inputsOf(new Float64Array(frame.grid.count), deliveries, frame)
    const massKgPerH = await readWhole(frame, data, {
      source: asset.demand,
      unit: 'kg/h',
      path: `assets.${asset.id}.demand`,
      what: `The demand of ${asset.title}`,
    })
    return inputsOf(
      massKgPerH.map((rate) => rate * hydrogenKwhPerKg),
      deliveries,
      frame,
    )
  },
  /** Deliveries whose time is not chosen are spread evenly over their windows. */
  baseline: (asset, { evenKw }) => ({ asset, inputs: { demandKw: evenKw, deliveries: [], evenKw } }),
  formulate,
  initialState: () => null,
  offeredKw: ({ evenKw }, k) => evenKw[k]!,
  flows: (asset, { points }) => [
    {
      carrier: 'hydrogen',
      bus: asset.hydrogenBus ?? mainBus,
      powerKw: (points.hydrogenKw ?? new Float64Array()).map((power) => -power),
    },
  ],
  breaches,
  setpointOn: () => 'hydrogen',
  simulate(_asset, state, { offeredKw, setpointKw }) {
    const hydrogenKw = setpointKw === undefined ? offeredKw : Math.max(0, -setpointKw)
    return {
      state,
      busKw: 0,
      otherKw: { hydrogen: -hydrogenKw },
      points: { hydrogenKw, massKgPerH: hydrogenKw / hydrogenKwhPerKg },
    }
  },
  describe: () => [],
})
