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
  type Conditions,
  columns,
  defineComponent,
  type Formulated,
  type Formulation,
  hoursAbove,
  type Outcome,
  type Published,
  perStep,
  type SimulatedStep,
  sumKwh,
} from './component.ts'
import { brokenSteps, outside } from './limits.ts'
import { offerReserve, type ReserveLimit, reserveBreaches, reservePoints, reserveWanted } from './reserve.ts'
import { addSizedColumns, mostOf } from './sized.ts'

/** Fuel units an hour at a power, by the affine part-load curve. */
export const fuelPerHour = (asset: GensetAsset, powerKw: number): number =>
  powerKw > 0 ? asset.fuel.perHourRunning + asset.fuel.perKwh * powerKw : 0

export const runStateOf = (asset: Pick<GensetAsset, 'initiallyOnHours' | 'initiallyOffHours'>): RunState => ({
  onHours: asset.initiallyOnHours,
  offHours: asset.initiallyOffHours ?? Number.POSITIVE_INFINITY,
})

/** What a schedule of one set costs and emits. */
function outcomeOf(
  asset: GensetAsset,
  { powerKw, on, ...reserve }: Record<'powerKw' | 'on', Float64Array> & Record<string, Float64Array>,
  hours: Float64Array,
): Outcome {
  const { starts, stops, runningHours } = countRuns(on, asset.initiallyOnHours > 0 ? 1 : 0, hours)
  const fuelUnits = asset.fuel.perHourRunning * runningHours + asset.fuel.perKwh * sumKwh(powerKw, hours)
  return {
    points: { powerKw, on, ...reserve },
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
  // Which unit gives most cannot be told of a group, so that each is written for itself then.
  if (alike.length > 0 && reserveWanted(frame).largestUnit) {
    const parts = [asset, ...alike].map((set) => formulate({ ...formulation, asset: set, alike: [] }))
    return {
      integers: parts.flatMap(({ integers = [] }) => integers),
      readEach: (values) => parts.map((part) => part.read(values)),
      read: (values) => parts[0]!.read(values),
    }
  }
  const { count } = frame.grid
  const { hours } = frame
  const fuelPrice = asset.fuel.pricePerUnit + frame.tariff.carbonPricePerKg * asset.fuel.kgCo2ePerUnit
  const sets = [asset, ...alike]
  const states = sets.map(runStateOf)
  const { on } = formulateCommitment(model, asset.id, {
    count,
    hours,
    states,
    minUpHours: asset.minUpHours,
    minDownHours: asset.minDownHours,
    onCostPerHour: fuelPrice * asset.fuel.perHourRunning + asset.runningCostPerHour,
    startCost: asset.startCost,
    stopCost: asset.stopCost,
  })
  const power = model.addColumns(`${asset.id}.powerKw`, count, {
    upper: asset.ratedKw * sets.length,
    cost: perStep(fuelPrice * asset.fuel.perKwh, hours),
  })
  tieToCommitment(model, asset.id, { power, on, count, leastKw: asset.minLoad * asset.ratedKw, mostKw: asset.ratedKw })
  bus.supply(power, 0, count)
  const upToKw = asset.ratedKw * sets.length
  const reserve = offerReserve(formulation, {
    up: { upToKw, limits: [headroom(on, power, asset.ratedKw)] },
    down: { upToKw, limits: [footroom(on, power, asset.minLoad * asset.ratedKw)] },
    lost: power,
  })
  const readEach = (values: Float64Array): Outcome[] => {
    const powerKw = columns(values, power, count)
    const running = columns(values, on, count).map(Math.round)
    return assignRuns(running, states, hours).map((own, index) => {
      const weights = own.map((is, k) => (is === 1 ? 1 / running[k]! : 0))
      const points = {
        powerKw: powerKw.map((all, k) => all * weights[k]!),
        on: own,
        ...reserve.points(values, weights),
      }
      return outcomeOf(sets[index]!, points, hours)
    })
  }
  return {
    integers: [{ first: on, count }],
    nonRenewable: [{ first: power, count }],
    cover: { committed: [{ power, on, mostKw: asset.ratedKw }] },
    readEach,
    read: (values) => readEach(values)[0]!,
  }
}

/** What running sets can give more, and less. */
const headroom = (on: number, power: number, ratedKw: number): ReserveLimit => ({
  most: 0,
  terms: [
    { first: on, factor: ratedKw },
    { first: power, factor: -1 },
  ],
})
const footroom = (on: number, power: number, leastKw: number): ReserveLimit => ({
  most: 0,
  terms: [
    { first: power, factor: 1 },
    { first: on, factor: -leastKw },
  ],
})

/**
 * A set whose size is decided: its relaxation, in which any part of it may run. Then it runs at full load, at the fuel a
 * kWh of full load; what part load costs shows when the size is tried by simulation. Where reserve is held, more of it may
 * run than full load needs, at the fuel of running; N-1 takes it as one unit.
 */
function formulateSized(formulation: Formulation<GensetAsset, null>): Formulated {
  const { asset, frame, model, bus, size } = formulation
  const wanted = reserveWanted(frame)
  if (wanted.up || wanted.down) return formulateSpinning(formulation)
  const { count } = frame.grid
  const { hours } = frame
  const fuelPrice = asset.fuel.pricePerUnit + frame.tariff.carbonPricePerKg * asset.fuel.kgCo2ePerUnit
  const fuelPerKwh = asset.fuel.perKwh + asset.fuel.perHourRunning / asset.ratedKw
  const runningPerKwh = asset.runningCostPerHour / asset.ratedKw
  const power = addSizedColumns(model, `${asset.id}.powerKw`, count, {
    size: size('ratedKw'),
    cost: perStep(fuelPrice * fuelPerKwh + runningPerKwh, hours),
  })
  bus.supply(power, 0, count)
  return {
    nonRenewable: [{ first: power, count }],
    read(values) {
      const powerKw = columns(values, power, count)
      const energyKwh = sumKwh(powerKw, hours)
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

/** As {@link formulateSized}, with the part that runs, kW of rating, as a decision of its own. */
function formulateSpinning(formulation: Formulation<GensetAsset, null>): Formulated {
  const { asset, frame, model, bus, size } = formulation
  const { count } = frame.grid
  const { hours } = frame
  const fuelPrice = asset.fuel.pricePerUnit + frame.tariff.carbonPricePerKg * asset.fuel.kgCo2ePerUnit
  const perRunningKw = {
    fuel: asset.fuel.perHourRunning / asset.ratedKw,
    money: asset.runningCostPerHour / asset.ratedKw,
  }
  const rated = size('ratedKw')
  const running = addSizedColumns(model, `${asset.id}.runningKw`, count, {
    size: rated,
    cost: perStep(fuelPrice * perRunningKw.fuel + perRunningKw.money, hours),
  })
  const power = addSizedColumns(model, `${asset.id}.powerKw`, count, {
    size: rated,
    cost: perStep(fuelPrice * asset.fuel.perKwh, hours),
  })
  tieToCommitment(model, asset.id, { power, on: running, count, leastKw: asset.minLoad, mostKw: 1 })
  bus.supply(power, 0, count)
  const upToKw = mostOf(rated)
  const reserve = offerReserve(formulation, {
    up: { upToKw, limits: [headroom(running, power, 1)] },
    down: { upToKw, limits: [footroom(running, power, asset.minLoad)] },
    lost: power,
  })
  return {
    read(values) {
      const powerKw = columns(values, power, count)
      const runningKwh = sumKwh(columns(values, running, count), hours)
      const fuelUnits = asset.fuel.perKwh * sumKwh(powerKw, hours) + perRunningKw.fuel * runningKwh
      return {
        points: { powerKw, ...reserve.points(values) },
        cost: { fuel: fuelUnits * asset.fuel.pricePerUnit + perRunningKw.money * runningKwh },
        emissionsKgCo2e: fuelUnits * asset.fuel.kgCo2ePerUnit,
        relaxed: [],
      }
    },
  }
}

function breaches(published: Published<GensetAsset, null>): string[] {
  const { asset, frame, values } = published
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
    ...dwellBreaches(on, runStateOf(asset), frame.hours, asset),
    ...reserveBreaches(published, {
      upKw: (k) => asset.ratedKw * on[k]! - powerKw[k]!,
      downKw: (k) => powerKw[k]! - asset.minLoad * asset.ratedKw * on[k]!,
    }),
  ]
}

/** A set of another size: what it burns and costs while it runs grows with it. */
function resizeGenset(asset: GensetAsset, ratedKw: number): Partial<GensetAsset> {
  const factor = ratedKw / asset.ratedKw
  return {
    ratedKw,
    fuel: { ...asset.fuel, perHourRunning: asset.fuel.perHourRunning * factor },
    runningCostPerHour: asset.runningCostPerHour * factor,
    startCost: asset.startCost * factor,
    stopCost: asset.stopCost * factor,
  }
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

/** How long a set has run, or stood; hours of a stand that nobody knows are absent and count as long enough. */
interface GensetState {
  readonly onHours: number
  readonly offHours?: number
  readonly fuelUnits: number
}

/** A set neither stops before its least time of running nor starts before its least time of standing. */
function simulate(
  asset: GensetAsset,
  { onHours, offHours = Number.POSITIVE_INFINITY, fuelUnits }: GensetState,
  { stepHours, setpointKw = 0 }: Conditions,
): SimulatedStep<GensetState> {
  const leastKw = asset.minLoad * asset.ratedKw
  const wantedKw = Math.min(asset.ratedKw, setpointKw)
  const wanted = wantedKw >= 0.5 * leastKw && wantedKw > 0
  const dust = 1e-9
  const on = onHours > 0 ? wanted || onHours < asset.minUpHours - dust : wanted && offHours >= asset.minDownHours - dust
  const powerKw = on ? Math.max(wantedKw, leastKw) : 0
  const stoodHours = (onHours > 0 ? 0 : offHours) + stepHours
  return {
    state: {
      onHours: on ? onHours + stepHours : 0,
      ...(on || !Number.isFinite(stoodHours) ? {} : { offHours: stoodHours }),
      fuelUnits: fuelUnits + (on ? asset.fuel.perHourRunning + asset.fuel.perKwh * powerKw : 0) * stepHours,
    },
    busKw: powerKw,
    points: { powerKw, on: on ? 1 : 0 },
  }
}

export const genset = defineComponent<GensetAsset, null, GensetState>({
  kind: 'genset',
  title: 'Generating set',
  schema: GensetSchema,
  points: [
    { id: 'powerKw', title: 'Power', unit: 'kW', role: 'measured' },
    { id: 'on', title: 'Running', unit: '1', role: 'measured' },
    ...reservePoints,
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
  initialState: ({ initiallyOnHours, initiallyOffHours }) => ({
    onHours: initiallyOnHours,
    ...(initiallyOffHours === undefined ? {} : { offHours: initiallyOffHours }),
    fuelUnits: 0,
  }),
  resume: (_asset, { onHours, offHours }) => ({
    initiallyOnHours: onHours,
    initiallyOffHours: onHours > 0 ? null : (offHours ?? null),
  }),
  account({ asset, frame, values }) {
    const { cost, emissionsKgCo2e, relaxed } = outcomeOf(
      asset,
      { powerKw: values('powerKw'), on: values('on') },
      frame.hours,
    )
    return { cost, emissionsKgCo2e, relaxed }
  },
  offeredKw: () => 0,
  sizes: { ratedKw: { unit: 'kW', fields: ['ratedKw'], resize: resizeGenset } },
  balances: { electricity: 2 },
  likeness,
  dearestPerKwh({ fuel, minLoad, ratedKw, startCost }, carbonPricePerKg) {
    const unitPrice = fuel.pricePerUnit + carbonPricePerKg * fuel.kgCo2ePerUnit
    const atLeastKw = Math.max(1, minLoad * ratedKw)
    return unitPrice * (fuel.perKwh + fuel.perHourRunning / atLeastKw) + startCost / atLeastKw
  },
  breaches,
  simulate,
  describe({ asset, outcome, frame }) {
    const powerKw = outcome.points.powerKw ?? new Float64Array()
    const energyKwh = sumKwh(powerKw, frame.hours)
    const hours = hoursAbove(powerKw, 0, frame.hours)
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
