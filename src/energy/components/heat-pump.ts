import { mainBus } from '../bus.ts'
import { type HeatPumpAsset, HeatPumpSchema } from '../schema/index.ts'
import { tieToCommitment } from './commitment.ts'
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
import { checkCop, copNeedsWeather, readCop } from './cop.ts'
import { brokenSteps, outside, tolerance } from './limits.ts'
import { addSizedColumns } from './sized.ts'

interface HeatPumpInputs {
  /** Heat given per electricity drawn, one a step. */
  readonly cop: Float64Array
}

/**
 * Electricity in, heat out at the COP of the step. With a minimum load the pump is on or off, an integer a step; with a
 * size that is decided it may run at any part of its load (the linear relaxation).
 */
function formulate({ asset, inputs, frame, model, bus, buses, size }: Formulation<HeatPumpAsset, HeatPumpInputs>) {
  const { cop } = inputs
  const { count } = frame.grid
  const rated = size('ratedKw')
  const heat = addSizedColumns(model, `${asset.id}.heatKw`, count, { size: rated })
  const most = typeof rated === 'number' ? rated : rated.most
  const power = model.addColumns(`${asset.id}.powerKw`, count, { upper: cop.map((value) => most / value) })
  for (let k = 0; k < count; k += 1) {
    model.beginRow(`${asset.id}.cop`, 0, 0)
    model.term(heat + k, 1)
    model.term(power + k, -cop[k]!)
    model.endRow()
  }
  bus.draw(power, 0, count)
  buses.of('heat', asset.heatBus).supply(heat, 0, count)
  const committed = asset.minLoad > 0 && typeof rated === 'number' && rated > 0
  const on = committed ? model.addColumns(`${asset.id}.on`, count, { upper: 1, integer: true }) : -1
  if (committed) {
    tieToCommitment(model, asset.id, { power: heat, on, count, leastKw: asset.minLoad * rated, mostKw: rated })
  }
  return {
    ...(committed ? { integers: [{ first: on, count }] } : {}),
    read: (values): Outcome => ({
      points: { powerKw: columns(values, power, count), heatKw: columns(values, heat, count), cop },
      cost: {},
      emissionsKgCo2e: 0,
      relaxed: [],
    }),
  } satisfies Formulated
}

function breaches({ asset, inputs, values }: Published<HeatPumpAsset, HeatPumpInputs>): string[] {
  const heatKw = values('heatKw')
  const powerKw = values('powerKw')
  const leastKw = asset.minLoad * asset.ratedKw
  const dust = tolerance * Math.max(1, 1e-3 * asset.ratedKw)
  return [
    ...brokenSteps('passes its rating', heatKw, outside(0, asset.ratedKw)),
    ...brokenSteps('runs below its minimum load', heatKw, (heat) => heat > dust && heat < leastKw - dust),
    ...brokenSteps(
      'gives heat that its electricity does not make',
      heatKw,
      (heat, k) => !(Math.abs(heat / inputs.cop[k]! - powerKw[k]!) <= dust),
    ),
  ]
}

function simulate(
  asset: HeatPumpAsset,
  state: null,
  { setpointKw = 0, setpointOn, surroundings }: Conditions,
): SimulatedStep<null> {
  const cop = surroundings?.cop ?? Number.NaN
  const wantedKw = Math.min(asset.ratedKw, Math.max(0, setpointOn === 'heat' ? setpointKw : -setpointKw * cop))
  const leastKw = asset.minLoad * asset.ratedKw
  const heatKw = wantedKw > 0 && wantedKw >= 0.5 * leastKw ? Math.max(wantedKw, leastKw) : 0
  const powerKw = heatKw > 0 ? heatKw / cop : 0
  return { state, busKw: -powerKw, otherKw: { heat: heatKw }, points: { powerKw, heatKw, cop } }
}

export const heatPump = defineComponent<HeatPumpAsset, HeatPumpInputs, null>({
  kind: 'heat-pump',
  title: 'Heat pump',
  schema: HeatPumpSchema,
  points: [
    { id: 'powerKw', title: 'Power drawn', unit: 'kW', role: 'measured' },
    { id: 'heatKw', title: 'Heat', unit: 'kW', role: 'measured' },
    { id: 'cop', title: 'Coefficient of performance', unit: '1', role: 'computed' },
  ],
  needsWeather: copNeedsWeather,
  check: (asset) => checkCop(asset),
  prepare: async (asset, frame, data) => ({
    cop: await readCop(asset, asset, `assets.${asset.id}.source`, { frame, data }),
  }),
  formulate,
  initialState: () => null,
  offeredKw: () => 0,
  surroundings: ({ cop }, k) => ({ cop: cop[k]! }),
  sizes: { ratedKw: { unit: 'kW', fields: ['ratedKw'] } },
  draws: true,
  flows: (asset, { points }) => [
    {
      carrier: 'electricity',
      bus: asset.bus ?? mainBus,
      powerKw: (points.powerKw ?? new Float64Array()).map((power) => -power),
    },
    { carrier: 'heat', bus: asset.heatBus ?? mainBus, powerKw: points.heatKw ?? new Float64Array() },
  ],
  balances: { heat: 1 },
  breaches,
  simulate,
  describe({ asset, outcome, frame }) {
    const { powerKw, heatKw } = outcome.points
    if (!powerKw || !heatKw) return []
    const heatKwh = sumKwh(heatKw, frame.hours)
    const energyKwh = sumKwh(powerKw, frame.hours)
    if (heatKwh < 0.5) return []
    const cop = heatKwh / energyKwh
    return [
      {
        step: heatKw.findIndex((heat) => heat > 0.01),
        asset: asset.id,
        code: 'heat-pump.runs',
        text: `${asset.title} makes ${heatKwh.toFixed(0)} kWh of heat from ${energyKwh.toFixed(0)} kWh of electricity: ${cop.toFixed(2)} to one.`,
        values: { heatKwh, energyKwh, cop },
      },
    ]
  },
})
