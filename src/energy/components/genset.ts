import type { Asset } from '../../kernel/index.ts'
import { type GensetAsset, GensetSchema } from '../schema/index.ts'
import {
  assignRuns,
  countRuns,
  dwellBreaches,
  formulateCommitment,
  type RunState,
  tieToCommitment,
} from './commitment.ts'
import {
  columns,
  defineComponent,
  type Formulated,
  type Formulation,
  type Outcome,
  type Published,
  sumKwh,
} from './component.ts'
import { brokenSteps, outside } from './limits.ts'
import { addSizedColumns } from './sized.ts'

/** Fuel units an hour at a power, by the affine part-load curve. */
export const fuelPerHour = (asset: GensetAsset, powerKw: number): number =>
  powerKw > 0 ? asset.fuel.perHourRunning + asset.fuel.perKwh * powerKw : 0

export const runStateOf = (asset: Pick<GensetAsset, 'initiallyOnHours' | 'initiallyOffHours'>): RunState => ({
  onHours: asset.initiallyOnHours,
  offHours: asset.initiallyOffHours ?? Number.POSITIVE_INFINITY,
})

/** What a schedule of one set costs and emits. */
function outcomeOf(asset: GensetAsset, powerKw: Float64Array, on: Float64Array, stepHours: number): Outcome {
  const { starts, stops, runningHours } = countRuns(on, asset.initiallyOnHours > 0 ? 1 : 0, stepHours)
  const fuelUnits = asset.fuel.perHourRunning * runningHours + asset.fuel.perKwh * sumKwh(powerKw, stepHours)
  return {
    points: { powerKw, on },
    cost: {
      fuel:
        fuelUnits * asset.fuel.pricePerUnit +
        starts * asset.startCost +
        stops * asset.stopCost +
        runningHours * asset.runningCostPerHour,
    },
    emissionsKgCo2e: fuelUnits * asset.fuel.kgCo2ePerUnit,
    relaxed: [],
  }
}

/** Equal sets are committed together and share the load equally; see `commitment.ts`. */
function formulate(formulation: Formulation<GensetAsset, null>): Formulated {
  const { asset, frame, model, bus, alike } = formulation
  if (typeof formulation.size('ratedKw') !== 'number') return formulateSized(formulation)
  const { count } = frame.grid
  const { stepHours } = frame
  const fuelPrice = asset.fuel.pricePerUnit + frame.tariff.carbonPricePerKg * asset.fuel.kgCo2ePerUnit
  const sets = [asset, ...alike]
  const states = sets.map(runStateOf)
  const { on } = formulateCommitment(model, asset.id, {
    count,
    stepHours,
    states,
    minUpHours: asset.minUpHours,
    minDownHours: asset.minDownHours,
    onCost: (fuelPrice * asset.fuel.perHourRunning + asset.runningCostPerHour) * stepHours,
    startCost: asset.startCost,
    stopCost: asset.stopCost,
  })
  const power = model.addColumns(`${asset.id}.powerKw`, count, {
    upper: asset.ratedKw * sets.length,
    cost: fuelPrice * asset.fuel.perKwh * stepHours,
  })
  tieToCommitment(model, asset.id, { power, on, count, leastKw: asset.minLoad * asset.ratedKw, mostKw: asset.ratedKw })
  bus.supply(power, 0, count)
  const readEach = (values: Float64Array): Outcome[] => {
    const powerKw = columns(values, power, count)
    const running = columns(values, on, count).map(Math.round)
    return assignRuns(running, states, stepHours).map((own, index) =>
      outcomeOf(
        sets[index]!,
        powerKw.map((all, k) => (own[k] === 1 ? all / running[k]! : 0)),
        own,
        stepHours,
      ),
    )
  }
  return { integers: [{ first: on, count }], readEach, read: (values) => readEach(values)[0]! }
}

/**
 * A set whose size is decided: its relaxation, in which any part of it may run. Then it runs at full load, at the fuel a
 * kWh of full load; what part load costs shows when the size is tried by simulation.
 */
function formulateSized({ asset, frame, model, bus, size }: Formulation<GensetAsset, null>): Formulated {
  const { count } = frame.grid
  const { stepHours } = frame
  const fuelPrice = asset.fuel.pricePerUnit + frame.tariff.carbonPricePerKg * asset.fuel.kgCo2ePerUnit
  const fuelPerKwh = asset.fuel.perKwh + asset.fuel.perHourRunning / asset.ratedKw
  const runningPerKwh = asset.runningCostPerHour / asset.ratedKw
  const power = addSizedColumns(model, `${asset.id}.powerKw`, count, {
    size: size('ratedKw'),
    cost: (fuelPrice * fuelPerKwh + runningPerKwh) * stepHours,
  })
  bus.supply(power, 0, count)
  return {
    read(values) {
      const powerKw = columns(values, power, count)
      const energyKwh = sumKwh(powerKw, stepHours)
      const fuelUnits = fuelPerKwh * energyKwh
      return {
        points: { powerKw },
        cost: { fuel: fuelUnits * asset.fuel.pricePerUnit + runningPerKwh * energyKwh },
        emissionsKgCo2e: fuelUnits * asset.fuel.kgCo2ePerUnit,
        relaxed: [],
      }
    },
  }
}

function breaches({ asset, frame, values }: Published<GensetAsset, null>): string[] {
  const powerKw = values('powerKw')
  const on = values('on')
  return [
    ...brokenSteps('is neither on nor off', on, (value) => value !== 0 && value !== 1),
    ...brokenSteps('gives power while it is off', powerKw, (power, k) => on[k] === 0 && outside(0, 0)(power)),
    ...brokenSteps(
      'leaves its load range',
      powerKw,
      (power, k) => on[k] === 1 && outside(asset.minLoad * asset.ratedKw, asset.ratedKw)(power),
    ),
    ...dwellBreaches(on, runStateOf(asset), frame.stepHours, asset),
  ]
}

/** All fields but names and what it did before. */
function likeness({
  id: _id,
  title: _title,
  initiallyOnHours: _on,
  initiallyOffHours: _off,
  ...rest
}: Asset & GensetAsset) {
  return JSON.stringify(rest)
}

export const genset = defineComponent<GensetAsset, null, { readonly onHours: number; readonly fuelUnits: number }>({
  kind: 'genset',
  title: 'Generating set',
  schema: GensetSchema,
  points: [
    { id: 'powerKw', title: 'Power', unit: 'kW', role: 'measured' },
    { id: 'on', title: 'Running', unit: '1', role: 'measured' },
  ],
  check(asset) {
    if (asset.initiallyOnHours === 0 || asset.initiallyOffHours === undefined) return []
    return [
      {
        detail: 'The set cannot be running and standing at once',
        place: { path: 'initiallyOffHours' },
        found: asset.initiallyOffHours,
        expected: 'initiallyOnHours or initiallyOffHours, not both',
      },
    ]
  },
  prepare: async () => null,
  formulate,
  initialState: (asset) => ({ onHours: asset.initiallyOnHours, fuelUnits: 0 }),
  offeredKw: () => 0,
  balances: { electricity: 2 },
  likeness,
  dearestPerKwh({ fuel, minLoad, ratedKw, startCost }, carbonPricePerKg) {
    const unitPrice = fuel.pricePerUnit + carbonPricePerKg * fuel.kgCo2ePerUnit
    const atLeastKw = Math.max(1, minLoad * ratedKw)
    return unitPrice * (fuel.perKwh + fuel.perHourRunning / atLeastKw) + startCost / atLeastKw
  },
  breaches,
  simulate(asset, state, { stepHours, setpointKw = 0 }) {
    const wanted = Math.min(asset.ratedKw, setpointKw)
    const on = wanted >= 0.5 * asset.minLoad * asset.ratedKw && wanted > 0
    const powerKw = on ? Math.max(wanted, asset.minLoad * asset.ratedKw) : 0
    return {
      state: {
        onHours: on ? state.onHours + stepHours : 0,
        fuelUnits: state.fuelUnits + fuelPerHour(asset, powerKw) * stepHours,
      },
      busKw: powerKw,
      points: { powerKw, on: on ? 1 : 0 },
    }
  },
  describe({ asset, outcome, frame }) {
    const powerKw = outcome.points.powerKw ?? new Float64Array()
    const energyKwh = sumKwh(powerKw, frame.stepHours)
    const hours = powerKw.filter((value) => value > 0).length * frame.stepHours
    if (hours === 0) return []
    return [
      {
        step: powerKw.findIndex((value) => value > 0),
        asset: asset.id,
        code: 'genset.runs',
        text: `${asset.title} runs ${hours.toFixed(1)} h and gives ${energyKwh.toFixed(0)} kWh.`,
        values: { hours, energyKwh },
      },
    ]
  },
})
