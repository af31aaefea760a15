import { mainBus } from '../bus.ts'
import { type FuelCellAsset, FuelCellSchema } from '../schema/index.ts'
import { countRuns, formulateCommitment, tieToCommitment } from './commitment.ts'
import {
  type Conditions,
  columns,
  defineComponent,
  type Formulated,
  type Formulation,
  type Outcome,
  type Published,
  type SimulatedStep,
  sumKwh,
} from './component.ts'
import { hydrogenKwhPerKg } from './hydrogen.ts'
import { brokenSteps, outside, tolerance } from './limits.ts'
import { offerReserve } from './reserve.ts'
import { addSizedColumns } from './sized.ts'

/** Less, kW, is no machine. */
const leastRatedKw = 1e-6

const isCommitted = ({ minLoad, ratedKw }: FuelCellAsset): boolean => minLoad > 0 && ratedKw > leastRatedKw

/**
 * Hydrogen in, electricity out at one efficiency, and heat for those who want it. With a minimum load it is on or off, an
 * integer a step; with a size that is decided it may run at any part of its load (the linear relaxation).
 */
function formulate(formulation: Formulation<FuelCellAsset, null>): Formulated {
  const { asset, frame, model, bus, buses, size } = formulation
  const { count } = frame.grid
  const rated = size('ratedKw')
  const power = addSizedColumns(model, `${asset.id}.powerKw`, count, { size: rated })
  bus.supply(power, 0, count)
  // It holds no reserve; what others hold has to cover its loss.
  offerReserve(formulation, { lost: power })
  buses.of('hydrogen', asset.hydrogenBus).draw(power, 0, count, 1 / asset.efficiency)
  const heatPerPower = asset.heatEfficiency / asset.efficiency
  const heat = heatPerPower > 0 ? model.addColumns(`${asset.id}.heatKw`, count, {}) : -1
  if (heat >= 0) {
    for (let k = 0; k < count; k += 1) {
      model.beginRow(`${asset.id}.heat`, Number.NEGATIVE_INFINITY, 0)
      model.term(heat + k, 1)
      model.term(power + k, -heatPerPower)
      model.endRow()
    }
    buses.of('heat', asset.heatBus).supply(heat, 0, count)
  }
  const committed = typeof rated === 'number' && isCommitted(asset)
  let on = -1
  if (committed) {
    on = formulateCommitment(model, asset.id, {
      count,
      hours: frame.hours,
      states: [{ onHours: asset.initiallyOn ? 1 : 0, offHours: Number.POSITIVE_INFINITY }],
      minUpHours: 0,
      minDownHours: 0,
      onCostPerHour: 0,
      startCost: asset.startCost,
      stopCost: 0,
    }).on
    tieToCommitment(model, asset.id, { power, on, count, leastKw: asset.minLoad * rated, mostKw: rated })
  }
  return {
    ...(committed ? { integers: [{ first: on, count }] } : {}),
    read(values): Outcome {
      const powerKw = columns(values, power, count)
      const running = on < 0 ? undefined : columns(values, on, count).map(Math.round)
      const starts = running ? countRuns(running, asset.initiallyOn ? 1 : 0, frame.hours).starts : 0
      return {
        points: {
          powerKw,
          hydrogenKw: powerKw.map((value) => value / asset.efficiency),
          ...(heat < 0 ? {} : { heatKw: columns(values, heat, count) }),
        },
        cost: { wear: starts * asset.startCost },
        emissionsKgCo2e: 0,
        relaxed: [],
      }
    },
  }
}

function breaches({ asset, values }: Published<FuelCellAsset, null>): string[] {
  const powerKw = values('powerKw')
  const leastKw = asset.minLoad * asset.ratedKw
  const dustKw = tolerance * Math.max(1, 1e-3 * asset.ratedKw)
  return [
    ...brokenSteps('passes its rating', powerKw, outside(0, asset.ratedKw)),
    ...brokenSteps('runs below its minimum load', powerKw, (power) => power > dustKw && power < leastKw - dustKw),
    ...brokenSteps(
      'takes hydrogen that its power does not need',
      values('hydrogenKw'),
      (hydrogen, k) => !(Math.abs(hydrogen * asset.efficiency - powerKw[k]!) <= dustKw),
    ),
    ...brokenSteps(
      'gives heat that it does not have',
      values('heatKw'),
      (heat, k) => !(heat >= -dustKw && heat <= (powerKw[k]! * asset.heatEfficiency) / asset.efficiency + dustKw),
    ),
  ]
}

function simulate(asset: FuelCellAsset, state: null, { setpointKw = 0 }: Conditions): SimulatedStep<null> {
  const leastKw = asset.minLoad * asset.ratedKw
  const wantedKw = Math.min(asset.ratedKw, Math.max(0, setpointKw))
  const powerKw = wantedKw > 0 && wantedKw >= 0.5 * leastKw ? Math.max(wantedKw, leastKw) : 0
  const hydrogenKw = powerKw / asset.efficiency
  const heatKw = hydrogenKw * asset.heatEfficiency
  const heats = asset.heatEfficiency > 0
  return {
    state,
    busKw: powerKw,
    otherKw: { hydrogen: -hydrogenKw, ...(heats ? { heat: heatKw } : {}) },
    points: { powerKw, hydrogenKw, heatKw },
  }
}

export const fuelCell = defineComponent<FuelCellAsset, null, null>({
  kind: 'fuel-cell',
  title: 'Fuel cell',
  schema: FuelCellSchema,
  sizes: { ratedKw: { unit: 'kW', fields: ['ratedKw'] } },
  points: [
    { id: 'powerKw', title: 'Power', unit: 'kW', role: 'measured' },
    { id: 'hydrogenKw', title: 'Hydrogen taken, lower heating value', unit: 'kW', role: 'measured' },
    { id: 'heatKw', title: 'Heat', unit: 'kW', role: 'measured' },
  ],
  check: ({ efficiency, heatEfficiency }) =>
    efficiency + heatEfficiency <= 1.1
      ? []
      : [
          {
            detail: 'Electricity and heat are more than the hydrogen holds',
            place: { path: 'heatEfficiency' },
            found: heatEfficiency,
            // Condensing the steam gives up to the higher heating value, 18 % more than the lower.
            expected: `at most ${(1.1 - efficiency).toFixed(2)} beside an efficiency of ${efficiency}`,
          },
        ],
  prepare: async () => null,
  formulate,
  initialState: () => null,
  offeredKw: () => 0,
  flows: (asset, { points }) => {
    const nothing = new Float64Array()
    return [
      { carrier: 'electricity', bus: asset.bus ?? mainBus, powerKw: points.powerKw ?? nothing },
      {
        carrier: 'hydrogen',
        bus: asset.hydrogenBus ?? mainBus,
        powerKw: (points.hydrogenKw ?? nothing).map((kw) => -kw),
      },
      ...(points.heatKw ? [{ carrier: 'heat' as const, bus: asset.heatBus ?? mainBus, powerKw: points.heatKw }] : []),
    ]
  },
  balances: { electricity: 3 },
  dearestPerKwh: ({ startCost, minLoad, ratedKw }) => (minLoad > 0 ? startCost / Math.max(1, minLoad * ratedKw) : 0),
  breaches,
  simulate,
  describe({ asset, frame, outcome }) {
    const { powerKw } = outcome.points
    if (!powerKw) return []
    const energyKwh = sumKwh(powerKw, frame.hours)
    if (energyKwh < 0.5) return []
    const massKg = energyKwh / asset.efficiency / hydrogenKwhPerKg
    return [
      {
        step: powerKw.findIndex((power) => power > 1e-3),
        asset: asset.id,
        code: 'hydrogen.used',
        text: `${asset.title} gives ${energyKwh.toFixed(0)} kWh of electricity from ${massKg.toFixed(1)} kg of hydrogen.`,
        values: { energyKwh, massKg },
      },
    ]
  },
})
