import { mainBus } from '../bus.ts'
import { type ElectrolyserAsset, ElectrolyserSchema } from '../schema/index.ts'
import { formulateCommitment } from './commitment.ts'
import {
  columns,
  defineComponent,
  type Exclusive,
  type Formulated,
  type Formulation,
  hoursAbove,
  type Outcome,
  type Published,
  perStep,
  sumKwh,
} from './component.ts'
import { checkCurve, curvePoints, hydrogenAt, relaxedPoints, segmentsOf } from './electrolyser-curve.ts'
import { type ElectrolyserState, initialKw, knowsStandby, simulateElectrolyser } from './electrolyser-physics.ts'
import { hydrogenKwhPerKg } from './hydrogen.ts'
import { brokenSteps, outside, tolerance } from './limits.ts'
import { addSizedColumns, beginSizedRow } from './sized.ts'

/** Less, kW, is no machine, and would only spoil the model's scale. */
const leastRatedKw = 1e-6

/** Adds heat up to a share of what electricity goes into neither hydrogen nor readiness; the rest is cooled away. */
function addHeat(
  { asset, model, buses }: Formulation<ElectrolyserAsset, null>,
  count: number,
  loss: (k: number) => readonly (readonly [column: number, lossPerUnit: number])[],
): number {
  if (asset.heatRecovery === 0) return -1
  const heat = model.addColumns(`${asset.id}.heatKw`, count, {})
  for (let k = 0; k < count; k += 1) {
    model.beginRow(`${asset.id}.heat`, Number.NEGATIVE_INFINITY, 0)
    model.term(heat + k, 1)
    for (const [column, lossPerUnit] of loss(k)) model.term(column, -asset.heatRecovery * lossPerUnit)
    model.endRow()
  }
  buses.of('heat', asset.heatBus).supply(heat, 0, count)
  return heat
}

/**
 * Off, warm and ready (standby), or making hydrogen: one integer a step.
 *
 * The power of a machine that runs is its least load plus stretches of its curve, `0 ≤ δᵢ ≤ widthᵢ · on`, so that with
 * `on` relaxed the model is the convex hull of standing still and running (a perspective formulation: Günlük & Linderoth
 * 2010, Math. Program. 124, 183). Hydrogen bends downwards with power, so an optimum that values hydrogen fills the
 * stretches in their order; one that would rather waste power does not, and gets an integer in that step only.
 */
function formulate(formulation: Formulation<ElectrolyserAsset, null>): Formulated {
  const { asset, frame, model, bus, buses } = formulation
  const { count } = frame.grid
  if (typeof formulation.size('ratedKw') !== 'number') return formulateSized(formulation)
  if (asset.ratedKw <= leastRatedKw) return { read: () => standing(count) }
  const rated = asset.ratedKw
  const points = curvePoints(asset)
  const least = points[0]!
  const segments = segmentsOf(points)
  const standbyKw = asset.standbyShare * rated
  const standby = knowsStandby(asset)
  const hydrogenBus = buses.of('hydrogen', asset.hydrogenBus)

  const on = model.addColumns(`${asset.id}.on`, count, { upper: 1, integer: true })
  bus.draw(on, 0, count, least.load * rated)
  hydrogenBus.supply(on, 0, count, least.hydrogen * rated)
  const readiness = standby ? addReadiness(formulation, on) : undefined
  if (readiness) {
    bus.draw(readiness.readyKw, 0, count)
    bus.supply(on, 0, count, standbyKw)
  } else if (asset.startCost > 0) {
    addStarts(formulation, on)
  }
  const stretches = segments.map(({ width, slope }, index) => {
    const part = model.addColumns(`${asset.id}.part${index}Kw`, count, { upper: width * rated })
    const room = model.addColumns(`${asset.id}.room${index}Kw`, count, { upper: width * rated })
    for (let k = 0; k < count; k += 1) {
      model.beginRow(`${asset.id}.part${index}`, 0, 0)
      model.term(part + k, 1)
      model.term(room + k, 1)
      model.term(on + k, -width * rated)
      model.endRow()
    }
    bus.draw(part, 0, count)
    hydrogenBus.supply(part, 0, count, slope)
    return { part, room, slope, widthKw: width * rated }
  })
  const heat = addHeat(formulation, count, (k) => [
    [on + k, (least.load - least.hydrogen) * rated],
    ...stretches.map(({ part, slope }) => [part + k, 1 - slope] as const),
  ])
  if (asset.rampPerHour !== undefined) {
    addRamp(formulation, {
      on,
      parts: stretches.map(({ part }) => part),
      rampKw: rampShares(asset, frame.hours).map((share) => share * rated),
    })
  }
  const order: Exclusive[] = stretches.slice(1).flatMap(({ part, widthKw }, index) => {
    const before = stretches[index]!
    return Array.from({ length: count }, (_, step) => ({
      step,
      a: [part + step],
      aMax: widthKw,
      b: [before.room + step],
      bMax: before.widthKw,
    }))
  })
  return {
    exclusives: [...order, ...(readiness?.exclusives ?? [])],
    integers: [{ first: on, count }],
    read(values) {
      const powerKw = new Float64Array(count)
      const hydrogenKw = new Float64Array(count)
      const state = new Float64Array(count)
      let starts = 0
      for (let k = 0; k < count; k += 1) {
        const runs = values[on + k]!
        const ready = readiness ? values[readiness.readyKw + k]! / standbyKw : runs
        state[k] = runs > 0.5 ? 2 : ready > 0.5 ? 1 : 0
        const before = k === 0 ? asset.initialState !== 'off' : state[k - 1]! > 0
        if (state[k]! > 0 && !before) starts += 1
        powerKw[k] = least.load * rated * runs + standbyKw * (ready - runs)
        hydrogenKw[k] = least.hydrogen * rated * runs
        for (const { part, slope } of stretches) {
          powerKw[k]! += values[part + k]!
          hydrogenKw[k]! += slope * values[part + k]!
        }
      }
      return outcomeOf(
        asset,
        { powerKw, hydrogenKw, state, heatKw: heat < 0 ? undefined : columns(values, heat, count) },
        starts,
      )
    },
  }
}

/**
 * Whether the machine is warm, running or not. Given when it runs, the cheapest way of being warm between is whole by
 * itself unless something else pulls at its power, so it gets an integer in those steps only.
 */
function addReadiness({ asset, frame, model }: Formulation<ElectrolyserAsset, null>, on: number) {
  const { count } = frame.grid
  const standbyKw = asset.standbyShare * asset.ratedKw
  const { on: warm } = formulateCommitment(model, `${asset.id}.warm`, {
    count,
    hours: frame.hours,
    states: [{ onHours: asset.initialState === 'off' ? 0 : 1, offHours: Number.POSITIVE_INFINITY }],
    minUpHours: 0,
    minDownHours: 0,
    onCostPerHour: 0,
    startCost: asset.startCost,
    stopCost: 0,
  })
  const readyKw = model.addColumns(`${asset.id}.readyKw`, count, { upper: standbyKw })
  const lackingKw = model.addColumns(`${asset.id}.lackingKw`, count, { upper: standbyKw })
  for (let k = 0; k < count; k += 1) {
    model.setInteger(warm + k, false)
    model.beginRow(`${asset.id}.ready`, Number.NEGATIVE_INFINITY, 0)
    model.term(on + k, 1)
    model.term(warm + k, -1)
    model.endRow()
    model.beginRow(`${asset.id}.readyKw`, 0, 0)
    model.term(readyKw + k, 1)
    model.term(warm + k, -standbyKw)
    model.endRow()
    model.beginRow(`${asset.id}.lackingKw`, standbyKw, standbyKw)
    model.term(readyKw + k, 1)
    model.term(lackingKw + k, 1)
    model.endRow()
  }
  const exclusives: Exclusive[] = Array.from({ length: count }, (_, step) => ({
    step,
    a: [readyKw + step],
    aMax: standbyKw,
    b: [lackingKw + step],
    bMax: standbyKw,
  }))
  return { readyKw, exclusives }
}

/** Start columns where the machine has no standby. */
function addStarts({ asset, frame, model }: Formulation<ElectrolyserAsset, null>, on: number): void {
  const { count } = frame.grid
  const start = model.addColumns(`${asset.id}.start`, count, { upper: 1, cost: asset.startCost })
  for (let k = 0; k < count; k += 1) {
    model.beginRow(`${asset.id}.starts`, k === 0 && asset.initialState !== 'off' ? -1 : 0, Number.POSITIVE_INFINITY)
    model.term(start + k, 1)
    model.term(on + k, -1)
    if (k > 0) model.term(on + k - 1, 1)
    model.endRow()
  }
}

/** By how much of its rating the load may change into each step: over as long as the step is. */
const rampShares = ({ rampPerHour = Number.POSITIVE_INFINITY }: ElectrolyserAsset, hours: Float64Array): Float64Array =>
  perStep(rampPerHour, hours)

/** Rows on how fast the load may change; a stop may come from any load, so that nothing holds the machine against its will. */
function addRamp(
  { asset, frame, model }: Formulation<ElectrolyserAsset, null>,
  { on, parts, rampKw }: { readonly on: number; readonly parts: readonly number[]; readonly rampKw: Float64Array },
): void {
  const { count } = frame.grid
  const leastKw = asset.minLoad * asset.ratedKw
  const beforeKw = initialKw(asset)
  const wasOn = beforeKw > 0 ? 1 : 0
  for (let k = 0; k < count; k += 1) {
    const mayKw = rampKw[k]!
    if (mayKw >= asset.ratedKw) continue
    const startKw = Math.max(mayKw, leastKw)
    // Up: p − p before ≤ ramp while it ran before, else up to where a start may bring it.
    model.beginRow(
      `${asset.id}.rampUp`,
      Number.NEGATIVE_INFINITY,
      startKw + (k === 0 ? beforeKw - (startKw - mayKw) * wasOn : 0),
    )
    model.term(on + k, leastKw)
    for (const part of parts) model.term(part + k, 1)
    if (k > 0) {
      model.term(on + k - 1, startKw - mayKw - leastKw)
      for (const part of parts) model.term(part + k - 1, -1)
    }
    model.endRow()
    // Down: p before − p ≤ ramp while it still runs.
    model.beginRow(`${asset.id}.rampDown`, Number.NEGATIVE_INFINITY, asset.ratedKw - (k === 0 ? beforeKw : 0))
    model.term(on + k, asset.ratedKw - mayKw - leastKw)
    for (const part of parts) model.term(part + k, -1)
    if (k > 0) {
      model.term(on + k - 1, leastKw)
      for (const part of parts) model.term(part + k - 1, 1)
    }
    model.endRow()
  }
}

/**
 * A size that is decided: the relaxation, in which any part of the machine may run at its best load. Starts, standby and
 * the least load show when the size is tried by simulation.
 */
function formulateSized(formulation: Formulation<ElectrolyserAsset, null>): Formulated {
  const { asset, frame, model, bus, buses } = formulation
  const { count } = frame.grid
  const size = formulation.size('ratedKw')
  const hydrogenBus = buses.of('hydrogen', asset.hydrogenBus)
  const parts = segmentsOf(relaxedPoints(curvePoints(asset))).map(({ width, slope }, index) => {
    const part = addSizedColumns(model, `${asset.id}.part${index}Kw`, count, { size, share: width })
    bus.draw(part, 0, count)
    hydrogenBus.supply(part, 0, count, slope)
    return { part, slope }
  })
  const heat = addHeat(formulation, count, (k) => parts.map(({ part, slope }) => [part + k, 1 - slope] as const))
  const ramps = rampShares(asset, frame.hours)
  for (let k = 1; k < count; k += 1) {
    const ramp = ramps[k]!
    if (ramp >= 1) continue
    for (const sign of [1, -1]) {
      beginSizedRow(model, `${asset.id}.ramp`, { size, coefficient: -ramp, lower: Number.NEGATIVE_INFINITY, upper: 0 })
      for (const { part } of parts) {
        model.term(part + k, sign)
        model.term(part + k - 1, -sign)
      }
      model.endRow()
    }
  }
  return {
    read(values) {
      const powerKw = new Float64Array(count)
      const hydrogenKw = new Float64Array(count)
      for (const { part, slope } of parts) {
        for (let k = 0; k < count; k += 1) {
          powerKw[k]! += values[part + k]!
          hydrogenKw[k]! += slope * values[part + k]!
        }
      }
      const state = powerKw.map((power) => (power > 0 ? 2 : 0))
      return outcomeOf(
        asset,
        { powerKw, hydrogenKw, state, heatKw: heat < 0 ? undefined : columns(values, heat, count) },
        0,
      )
    },
  }
}

interface Schedule {
  readonly powerKw: Float64Array
  readonly hydrogenKw: Float64Array
  readonly state: Float64Array
  readonly heatKw: Float64Array | undefined
}

function outcomeOf(
  asset: ElectrolyserAsset,
  { powerKw, hydrogenKw, state, heatKw }: Schedule,
  starts: number,
): Outcome {
  return {
    points: {
      powerKw,
      hydrogenKw,
      massKgPerH: hydrogenKw.map((power) => power / hydrogenKwhPerKg),
      state,
      ...(heatKw ? { heatKw } : {}),
    },
    cost: { wear: starts * asset.startCost },
    emissionsKgCo2e: 0,
    relaxed: [],
  }
}

const standing = (count: number): Outcome => ({
  points: {
    powerKw: new Float64Array(count),
    hydrogenKw: new Float64Array(count),
    massKgPerH: new Float64Array(count),
    state: new Float64Array(count),
  },
  cost: {},
  emissionsKgCo2e: 0,
  relaxed: [],
})

function breaches({ asset, frame, values }: Published<ElectrolyserAsset, null>): string[] {
  const [powerKw, hydrogenKw, state, heatKw] = ['powerKw', 'hydrogenKw', 'state', 'heatKw'].map(values) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  const { ratedKw, minLoad } = asset
  const points = curvePoints(asset)
  const dustKw = 1e-3 * Math.max(1, 1e-3 * ratedKw)
  const { rampPerHour = Number.POSITIVE_INFINITY } = asset
  const expectedKw = (k: number): number =>
    state[k] === 2 && ratedKw > 0 ? ratedKw * hydrogenAt(points, powerKw[k]! / ratedKw) : 0
  return [
    ...brokenSteps('is in no state', state, (value) => ![0, 1, 2].includes(value)),
    ...brokenSteps('draws power while it is off', powerKw, (power, k) => state[k] === 0 && outside(0, 0)(power)),
    ...brokenSteps(
      'draws what standby does not take',
      powerKw,
      (power, k) => state[k] === 1 && Math.abs(power - asset.standbyShare * ratedKw) > dustKw,
    ),
    ...brokenSteps(
      'leaves its load range',
      powerKw,
      (power, k) => state[k] === 2 && outside(minLoad * ratedKw, ratedKw)(power),
    ),
    ...brokenSteps(
      'makes hydrogen off its curve',
      hydrogenKw,
      (hydrogen, k) => !(Math.abs(hydrogen - expectedKw(k)) <= dustKw),
    ),
    ...brokenSteps(
      'gives heat that it does not lose',
      heatKw,
      (heat, k) =>
        !(heat >= -tolerance && heat <= asset.heatRecovery * Math.max(0, powerKw[k]! - hydrogenKw[k]!) + dustKw),
    ),
    ...brokenSteps('changes its load too fast', powerKw, (power, k) => {
      if (state[k] !== 2) return false
      const rampKw = rampPerHour * frame.hours[k]! * ratedKw
      const before = k === 0 ? initialKw(asset) : state[k - 1] === 2 ? powerKw[k - 1]! : 0
      if (before === 0) return power > Math.max(rampKw, minLoad * ratedKw) + dustKw
      return Math.abs(power - before) > rampKw + dustKw
    }),
  ]
}

export const electrolyser = defineComponent<ElectrolyserAsset, null, ElectrolyserState>({
  kind: 'electrolyser',
  title: 'Electrolyser',
  schema: ElectrolyserSchema,
  sizes: { ratedKw: { unit: 'kW', fields: ['ratedKw'] } },
  points: [
    { id: 'powerKw', title: 'Power drawn', unit: 'kW', role: 'measured' },
    { id: 'hydrogenKw', title: 'Hydrogen, lower heating value', unit: 'kW', role: 'measured' },
    { id: 'massKgPerH', title: 'Hydrogen', unit: 'kg/h', role: 'measured' },
    { id: 'heatKw', title: 'Heat', unit: 'kW', role: 'measured' },
    { id: 'state', title: 'State: 0 off, 1 standby, 2 on', unit: '1', role: 'measured' },
  ],
  check: (asset) => [
    ...checkCurve(asset),
    ...(asset.standbyShare < asset.minLoad
      ? []
      : [
          {
            detail: 'Standby takes as much as running',
            place: { path: 'standbyShare' },
            found: asset.standbyShare,
            expected: `less than minLoad (${asset.minLoad})`,
          },
        ]),
  ],
  prepare: async () => null,
  formulate,
  initialState: (asset) => ({
    state: asset.initialState === 'on' ? 2 : asset.initialState === 'standby' ? 1 : 0,
    powerKw: initialKw(asset),
  }),
  offeredKw: () => 0,
  draws: true,
  flows: (asset, { points }) => {
    const nothing = new Float64Array()
    return [
      {
        carrier: 'electricity',
        bus: asset.bus ?? mainBus,
        powerKw: (points.powerKw ?? nothing).map((power) => -power),
      },
      { carrier: 'hydrogen', bus: asset.hydrogenBus ?? mainBus, powerKw: points.hydrogenKw ?? nothing },
      ...(points.heatKw ? [{ carrier: 'heat' as const, bus: asset.heatBus ?? mainBus, powerKw: points.heatKw }] : []),
    ]
  },
  balances: { hydrogen: 1 },
  dearestPerKwh: ({ startCost, minLoad, ratedKw }) => startCost / Math.max(1, minLoad * ratedKw),
  breaches,
  simulate: simulateElectrolyser,
  describe({ asset, frame, outcome, marginalPricePerKwh }) {
    const { powerKw, hydrogenKw, state } = outcome.points
    if (!powerKw || !hydrogenKw || !state) return []
    const massKg = sumKwh(hydrogenKw, frame.hours) / hydrogenKwhPerKg
    if (massKg < 0.05) return []
    const energyKwh = sumKwh(powerKw, frame.hours)
    const hours = hoursAbove(state, 1.5, frame.hours)
    let spent = 0
    powerKw.forEach((power, k) => {
      spent += power * frame.hours[k]! * (marginalPricePerKwh[k] ?? Number.NaN)
    })
    const pricePerKwh = spent / energyKwh
    if (!Number.isFinite(pricePerKwh)) return []
    return [
      {
        step: state.indexOf(2),
        asset: asset.id,
        code: 'electrolyser.runs',
        text: `${asset.title} makes ${massKg.toFixed(0)} kg of hydrogen in ${hours.toFixed(1)} h from ${energyKwh.toFixed(0)} kWh, worth ${pricePerKwh.toFixed(3)} a kWh on average.`,
        values: { massKg, hours, energyKwh, pricePerKwh },
      },
    ]
  },
})
