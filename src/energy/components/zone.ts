import { mainBus } from '../bus.ts'
import { type ZoneAsset, ZoneSchema } from '../schema/index.ts'
import {
  type Conditions,
  columns,
  defineComponent,
  type Exclusive,
  type Flow,
  type Formulated,
  type Formulation,
  type Outcome,
  perStep,
  type SimulatedStep,
} from './component.ts'
import { checkCop } from './cop.ts'
import { addSizedColumns, mostOf } from './sized.ts'
import { zoneBreaches } from './zone-breaches.ts'
import { readZone, underThermostat, type ZoneSeries, zoneNeedsWeather, zonePath, zoneStart } from './zone-inputs.ts'
import {
  discretiseSteps,
  discretiseZone,
  heatToReach,
  stepZone,
  type ZoneState,
  zoneCapacityKwhPerK,
  zoneLossKwPerK,
} from './zone-physics.ts'
import { comfortMissed, describeZone } from './zone-words.ts'

/** Bounds of less, K, are below what the solver tells from nothing: heavy walls in a step of a minute. */
const leastBoundK = 1e-6

/** A bound that follows from the balance anyway, kept wide enough for the solver. */
const noTighterK = (bound: number): number => (bound > 0 ? Math.max(leastBoundK, bound) : bound)

/** Whether the limit gives way after step `k`: then what is missing to it is settled, and so at the end of the plan. */
const easesAfter = (limitC: Float64Array, k: number, side: 1 | -1): boolean =>
  k === limitC.length - 1 || side * (limitC[k]! - limitC[k + 1]!) > 1e-9

/**
 * The room's temperature is that without heating plus what heating adds, which is never below zero: the columns are that rise,
 * so that every one of them has a finite bound. Comfort is a wish: a kelvin that is missing costs what the heat does that it
 * would take to hold it, and where the limit eases, the heat it would have taken to be there at all; so one kWh that is not
 * given weighs the price of one missed kWh of the wish, early or late.
 */
function formulate(formulation: Formulation<ZoneAsset, ZoneSeries>): Formulated {
  const { asset, inputs, frame, model, bus, buses } = formulation
  const { count } = frame.grid
  const { hours } = frame
  const { lowC, highC, cop } = inputs
  const heating = formulation.size('heatingKw')
  const coolingKw = asset.cooling?.ratedKw ?? 0
  const heat = addSizedColumns(model, `${asset.id}.heatKw`, count, {
    size: heating,
    ...(inputs.heatingShare ? { share: inputs.heatingShare } : {}),
  })
  const cool = addSizedColumns(model, `${asset.id}.coolKw`, count, {
    size: coolingKw,
    ...(inputs.coolingShare ? { share: inputs.coolingShare } : {}),
  })
  const alone = zonePath(asset, inputs, hours, () => 0)
  const still = { ...asset, initialC: 0, mass: asset.mass && { ...asset.mass, initialC: 0 } } as ZoneAsset
  const nothing = new Float64Array(count)
  const quiet: ZoneSeries = { ...inputs, outdoorC: nothing, roomGainsKw: nothing, massGainsKw: nothing }
  const perKw = zonePath(still, quiet, hours, () => 1)
  const mostHeatKw = mostOf(heating)
  const bounds = (of: (state: ZoneState) => number) => ({
    lower: Float64Array.from(perKw, (state) => -noTighterK(coolingKw * of(state))),
    upper: Float64Array.from(perKw, (state) => noTighterK(mostHeatKw * of(state))),
  })
  const rise = model.addColumns(
    `${asset.id}.airRiseK`,
    count,
    bounds(({ airC }) => airC),
  )
  const massRise = asset.mass
    ? model.addColumns(
        `${asset.id}.massRiseK`,
        count,
        bounds(({ massC }) => massC),
      )
    : rise
  const steps = discretiseSteps(asset, hours)
  for (let k = 0; k < count; k += 1) {
    const { air, mass } = steps[k]!
    for (const [column, row] of asset.mass
      ? ([
          [rise, air],
          [massRise, mass],
        ] as const)
      : ([[rise, air]] as const)) {
      model.beginRow(`${asset.id}.balance`, 0, 0)
      model.term(column + k, 1)
      if (k > 0 && row.fromAir !== 0) model.term(rise + k - 1, -row.fromAir)
      if (k > 0 && row.fromMass !== 0) model.term(massRise + k - 1, -row.fromMass)
      model.term(heat + k, -row.airKw)
      if (coolingKw > 0) model.term(cool + k, row.airKw)
      model.endRow()
    }
  }

  const penalty = frame.penaltyPerKwh('comfort')
  const heldKwh = perStep(zoneLossKwPerK(asset), hours)
  const reachedKwh = zoneCapacityKwhPerK(asset)
  /** Adds what is missing to a limit; `side` 1: to the lower one. @returns its first column */
  const addMissing = (name: string, limitC: Float64Array, side: 1 | -1): number => {
    const rangeKw = side > 0 ? coolingKw : mostHeatKw
    const most = limitC.map((limit, k) => Math.max(0, side * (limit - alone[k]!.airC) + rangeKw * perKw[k]!.airC))
    const missing = model.addColumns(`${asset.id}.${name}K`, count, {
      upper: most,
      cost: limitC.map((_, k) => penalty * (heldKwh[k]! + (easesAfter(limitC, k, side) ? reachedKwh : 0))),
    })
    for (let k = 0; k < count; k += 1) {
      if (most[k] === 0) continue
      model.beginRow(`${asset.id}.${name}`, side * (limitC[k]! - alone[k]!.airC), Number.POSITIVE_INFINITY)
      model.term(rise + k, side)
      model.term(missing + k, 1)
      model.endRow()
    }
    return missing
  }
  addMissing('tooCold', lowC, 1)
  addMissing('tooWarm', highC, -1)

  const electric = asset.heatedBy !== 'heat-bus'
  if (!electric) buses.of('heat', asset.heatBus).draw(heat, 0, count)
  const heatingPower = electric ? drawnFor(formulation, heat) : -1
  if (heatingPower >= 0) bus.draw(heatingPower, 0, count)
  const eer = asset.cooling?.eer ?? 1
  if (coolingKw > 0) bus.draw(cool, 0, count, 1 / eer)
  const exclusives: Exclusive[] =
    coolingKw > 0 && mostHeatKw > 0
      ? Array.from({ length: count }, (_, k) => ({
          step: k,
          a: [heat + k],
          aMax: mostHeatKw,
          b: [cool + k],
          bMax: coolingKw,
        }))
      : []
  return {
    exclusives,
    read(values): Outcome {
      const heatKw = columns(values, heat, count)
      const coolKw = columns(values, cool, count)
      const airC = columns(values, rise, count).map((value, k) => alone[k]!.airC + value)
      const massC = columns(values, massRise, count).map((value, k) => alone[k]!.massC + value)
      const powerKw = heatKw.map((value, k) => (electric ? value / cop[k]! : 0) + coolKw[k]! / eer)
      return {
        points: {
          airC,
          ...(asset.mass ? { massC } : {}),
          ...(electric ? { ownHeatKw: heatKw } : { heatKw }),
          ...(coolingKw > 0 ? { coolKw } : {}),
          ...(electric || coolingKw > 0 ? { powerKw } : {}),
          lowC,
          highC,
          outdoorC: inputs.outdoorC,
        },
        cost: {},
        emissionsKgCo2e: 0,
        relaxed: comfortMissed(asset, { airC, lowC, highC }, frame),
      }
    },
  }
}

/** Columns of the electricity that the zone's own heater draws for its heat, which a COP by the step asks for. */
function drawnFor({ asset, inputs, frame, model, size }: Formulation<ZoneAsset, ZoneSeries>, heat: number): number {
  const { count } = frame.grid
  const most = mostOf(size('heatingKw'))
  const power = model.addColumns(`${asset.id}.powerKw`, count, { upper: inputs.cop.map((value) => most / value) })
  for (let k = 0; k < count; k += 1) {
    model.beginRow(`${asset.id}.cop`, 0, 0)
    model.term(heat + k, 1)
    model.term(power + k, -inputs.cop[k]!)
    model.endRow()
  }
  return power
}

function flows(asset: ZoneAsset, { points }: Outcome): Flow[] {
  const drawn = (values: Float64Array | undefined): Float64Array =>
    (values ?? new Float64Array()).map((value) => -value)
  return [
    ...(points.powerKw
      ? [{ carrier: 'electricity' as const, bus: asset.bus ?? mainBus, powerKw: drawn(points.powerKw) }]
      : []),
    ...(asset.heatedBy === 'heat-bus'
      ? [{ carrier: 'heat' as const, bus: asset.heatBus ?? mainBus, powerKw: drawn(points.heatKw) }]
      : []),
  ]
}

/**
 * Steps the temperatures. Alone, a thermostat holds the band with what it has; told what to draw, the zone takes it as long as
 * that leaves it no warmer (or, cooled, no colder) than its band.
 */
function simulate(asset: ZoneAsset, state: ZoneState, conditions: Conditions): SimulatedStep<ZoneState> {
  const { stepHours, setpointKw, surroundings } = conditions
  const felt = (name: string): number => surroundings?.[name] ?? Number.NaN
  const cop = felt('cop')
  const electric = asset.heatedBy !== 'heat-bus'
  const coolingKw = asset.cooling?.ratedKw ?? 0
  const eer = asset.cooling?.eer ?? 1
  const acting = { outdoorC: felt('outdoorC'), airKw: felt('roomGainsKw'), massKw: felt('massGainsKw') }
  const step = discretiseZone(asset, stepHours)
  const toReach = (airC: number): number =>
    stepHours > 0 || asset.capacitanceKwhPerK === 0 ? heatToReach(step, state, acting, airC) : 0
  const [toLowKw, toHighKw] = [toReach(felt('lowC')), toReach(felt('highC'))]
  const told = setpointKw === undefined ? undefined : Math.max(0, -setpointKw)
  const cools = coolingKw > 0 && toHighKw < 0
  let heatKw = Math.min(asset.heatingKw, Math.max(0, toLowKw))
  let coolKw = Math.min(coolingKw, Math.max(0, -toHighKw))
  if (told !== undefined && electric && !cools) heatKw = Math.min(asset.heatingKw, told * cop, Math.max(0, toHighKw))
  if (told !== undefined && !electric && coolingKw === 0) {
    heatKw = Math.min(asset.heatingKw, told, Math.max(0, toHighKw))
  }
  if (told !== undefined && cools) coolKw = Math.min(coolingKw, told * eer, Math.max(0, -toLowKw))
  const next = stepZone(step, state, { ...acting, airKw: acting.airKw + heatKw - coolKw })
  const powerKw = (electric && heatKw > 0 ? heatKw / cop : 0) + coolKw / eer
  return {
    state: next,
    busKw: -powerKw,
    ...(electric ? {} : { otherKw: { heat: -heatKw } }),
    points: {
      airC: next.airC,
      ...(asset.mass ? { massC: next.massC } : {}),
      ...(electric ? { ownHeatKw: heatKw } : { heatKw }),
      ...(coolingKw > 0 ? { coolKw } : {}),
      ...(electric || coolingKw > 0 ? { powerKw } : {}),
      lowC: felt('lowC'),
      highC: felt('highC'),
      outdoorC: acting.outdoorC,
    },
  }
}

export const zone = defineComponent<ZoneAsset, ZoneSeries, ZoneState>({
  kind: 'zone',
  title: 'Building zone',
  schema: ZoneSchema,
  points: [
    { id: 'airC', title: 'Room temperature', unit: 'degC', role: 'measured' },
    // Computed: what only some zones have must not be missed in others.
    { id: 'massC', title: 'Temperature of the mass', unit: 'degC', role: 'computed' },
    { id: 'heatKw', title: 'Heat from the bus', unit: 'kW', role: 'computed' },
    { id: 'ownHeatKw', title: 'Heat of its own heater', unit: 'kW', role: 'computed' },
    { id: 'coolKw', title: 'Cooling', unit: 'kW', role: 'computed' },
    { id: 'powerKw', title: 'Power drawn', unit: 'kW', role: 'computed' },
    { id: 'lowC', title: 'Lower limit of comfort', unit: 'degC', role: 'computed' },
    { id: 'highC', title: 'Upper limit of comfort', unit: 'degC', role: 'computed' },
    { id: 'outdoorC', title: 'Outdoor temperature', unit: 'degC', role: 'computed' },
  ],
  needsWeather: zoneNeedsWeather,
  check(asset) {
    const bands = [asset.comfort, ...asset.comfort.setback]
    const crossed = bands.findIndex(({ lowC, highC }) => lowC > highC)
    return [
      ...(asset.capacitanceKwhPerK > 0 || asset.mass
        ? []
        : [
            {
              detail: 'A zone without capacity stores nothing',
              place: { path: 'capacitanceKwhPerK' },
              found: asset.capacitanceKwhPerK,
              expected: 'more than 0, or a `mass`',
            },
          ]),
      ...(crossed < 0
        ? []
        : [
            {
              detail: 'The lower limit of comfort lies above the upper',
              place: { path: crossed === 0 ? 'comfort.lowC' : `comfort.setback.${crossed - 1}.lowC` },
              found: bands[crossed]!.lowC,
              expected: `at most highC (${bands[crossed]!.highC})`,
            },
          ]),
      ...(asset.solarGains !== undefined && asset.solarApertureM2 !== undefined
        ? [
            {
              detail: 'Solar gains are said twice',
              place: { path: 'solarGains' },
              expected: 'either `solarGains` or `solarApertureM2`',
            },
          ]
        : []),
      ...(asset.heatedBy === 'heat-pump' ? checkCop(asset.heatPump, 'heatPump.cop') : []),
    ]
  },
  prepare: readZone,
  baseline: (asset, inputs, frame) => ({ asset, inputs: underThermostat(asset, inputs, frame) }),
  formulate,
  initialState: zoneStart,
  resume: (asset, { airC, massC }) => ({
    initialC: airC,
    ...(asset.mass ? { mass: { ...asset.mass, initialC: massC } } : {}),
  }),
  account: ({ asset, frame, values }) => ({
    cost: {},
    emissionsKgCo2e: 0,
    relaxed: comfortMissed(asset, { airC: values('airC'), lowC: values('lowC'), highC: values('highC') }, frame),
  }),
  offeredKw: () => 0,
  surroundings: ({ outdoorC, roomGainsKw, massGainsKw, lowC, highC, cop }, k) => ({
    outdoorC: outdoorC[k]!,
    roomGainsKw: roomGainsKw[k]!,
    massGainsKw: massGainsKw[k]!,
    lowC: lowC[k]!,
    highC: highC[k]!,
    cop: cop[k]!,
  }),
  draws: true,
  flows,
  breaches: zoneBreaches,
  simulate,
  describe: describeZone,
})
