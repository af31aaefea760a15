import { stepStartMs } from '../../kernel/index.ts'
import { planHours } from '../frame.ts'
import { type EvChargingAsset, EvChargingSchema } from '../schema/index.ts'
import {
  type Account,
  defineComponent,
  type Exclusive,
  type Formulated,
  type Formulation,
  type Lived,
  type Outcome,
  type Published,
  perStep,
  vehiclesThere,
} from './component.ts'
import {
  bySession,
  chargeOnArrival,
  type EvState,
  keyOf,
  partPoints,
  partPrefix,
  presentIn,
  share,
  staysIn,
} from './ev-sharing.ts'
import { type Stay, sessionProblems, staysOnGrid } from './ev-stays.ts'
import { brokenSteps, outside, tolerance, unnamedKwh } from './limits.ts'
import { medianOverTime } from './median.ts'
import {
  offerReserve,
  type Reserved,
  type ReserveLimit,
  type ReserveTerm,
  reserveBreaches,
  reservePoints,
  reserveWanted,
  sustainHours,
} from './reserve.ts'

interface EvInputs {
  readonly stays: readonly Stay[]
}

/** Columns of one stay. */
interface Placed {
  readonly stay: Stay
  readonly power: number
  /** −1 where it gives nothing back. */
  readonly given: number
  readonly short: number
  readonly reserve: Reserved
}

function formulate(formulation: Formulation<EvChargingAsset, EvInputs>): Formulated {
  const { asset, inputs, frame, model } = formulation
  const { count } = frame.grid
  const { hours } = frame
  const placed = inputs.stays.map((stay) => formulateStay(formulation, stay))
  // Who is there in each step; a year has thousands of stays, each of a few steps.
  const present: (typeof placed)[] = Array.from({ length: count }, () => [])
  for (const one of placed) for (let k = one.stay.from; k < one.stay.to; k += 1) present[k]!.push(one)
  const feederRow = (k: number, sign: 1 | -1, side: 'up' | 'down'): void => {
    const here = present[k]!
    const mostKw = here.reduce((sum, { stay }) => sum + (sign > 0 ? stay.maxKw : stay.v2gKw), 0)
    if (mostKw <= asset.feederLimitKw) return
    model.beginRow(`${asset.id}.feeder`, Number.NEGATIVE_INFINITY, asset.feederLimitKw)
    for (const { stay, power, given, reserve } of here) {
      model.term(power + k - stay.from, sign)
      if (given >= 0) model.term(given + k - stay.from, -sign)
      if (reserve.first[side] >= 0) model.term(reserve.first[side] + k - stay.from, 1)
    }
    model.endRow()
  }
  for (let k = 0; k < count; k += 1) {
    feederRow(k, 1, 'down')
    feederRow(k, -1, 'up')
  }
  const exclusives: Exclusive[] = placed.flatMap(({ stay, power, given }) =>
    given < 0
      ? []
      : Array.from({ length: stay.to - stay.from }, (_, index) => ({
          step: stay.from + index,
          a: [power + index],
          aMax: stay.maxKw,
          b: [given + index],
          bMax: stay.v2gKw,
        })),
  )
  return {
    exclusives,
    read(values): Outcome {
      const powerKw = new Float64Array(count)
      const givenKw = new Float64Array(count)
      const relaxed: Outcome['relaxed'][number][] = []
      const held: Record<string, Float64Array> = {}
      const each: Record<string, Float64Array> = {}
      let wear = 0
      for (const { stay, power, given, short, reserve } of placed) {
        const ownKw = each[`${partPrefix}${stay.id}`] ?? new Float64Array(count)
        each[`${partPrefix}${stay.id}`] = ownKw
        for (let k = stay.from; k < stay.to; k += 1) {
          const back = given < 0 ? 0 : values[given + k - stay.from]!
          ownKw[k]! += values[power + k - stay.from]! - back
          powerKw[k]! += values[power + k - stay.from]! - back
          givenKw[k]! += back
          wear += back * hours[k]! * stay.wearPerKwh
        }
        for (const [point, own] of Object.entries(reserve.points(values))) {
          const sum = held[point] ?? new Float64Array(count)
          for (let k = 0; k < count; k += 1) sum[k]! += own[k]!
          held[point] = sum
        }
        const amount = values[short]!
        if (amount > unnamedKwh) relaxed.push(shortfall(asset, stay, amount, hours))
      }
      const givesBack = placed.some(({ given }) => given >= 0)
      return {
        points: { powerKw, ...(givesBack ? { givenKw } : {}), ...held, ...each },
        cost: { wear },
        emissionsKgCo2e: 0,
        relaxed,
      }
    },
  }
}

/** One stay: charging, giving back, stock where it matters, what is missing when it leaves. */
function formulateStay(formulation: Formulation<EvChargingAsset, EvInputs>, stay: Stay): Placed {
  const { asset, frame, model, bus } = formulation
  const { hours } = frame
  const name = `${asset.id}.${stay.id}`
  const steps = stay.to - stay.from
  const own = hours.subarray(stay.from, stay.to)
  const power = model.addColumns(`${name}.powerKw`, steps, { upper: stay.presence.map((share) => share * stay.maxKw) })
  bus.draw(power, stay.from, stay.to)
  const short = model.addColumns(`${name}.shortKwh`, 1, {
    upper: Number.POSITIVE_INFINITY,
    cost: frame.penaltyPerKwh('ev-energy'),
  })
  let given = -1
  if (stay.v2gKw > 0) {
    given = model.addColumns(`${name}.givenKw`, steps, {
      upper: stay.presence.map((share) => share * stay.v2gKw),
      cost: perStep(stay.wearPerKwh, own),
    })
    bus.supply(given, stay.from, stay.to)
  } else model.setBounds(short, 0, stay.energyKwh)
  if (stay.minKw > 0) chargeAtLeast(formulation, stay, power)
  const wanted = reserveWanted(frame)
  if (given < 0 && !wanted.up && !wanted.down) {
    model.beginRow(`${name}.energy`, stay.energyKwh, stay.energyKwh)
    for (let k = 0; k < steps; k += 1) model.term(power + k, asset.efficiency * own[k]!)
    model.term(short, 1)
    model.endRow()
    return { stay, power, given, short, reserve: offerReserve(formulation, {}) }
  }
  const { startKwh = 0 } = stay
  const targetKwh = startKwh + stay.energyKwh
  const stored = model.addColumns(`${name}.storedKwh`, steps, {
    lower: Math.min(stay.floorKwh, startKwh),
    upper: Math.max(targetKwh, stay.batteryKwh ?? targetKwh),
  })
  for (let k = 0; k < steps; k += 1) {
    model.beginRow(`${name}.balance`, k === 0 ? startKwh : 0, k === 0 ? startKwh : 0)
    model.term(stored + k, 1)
    if (k > 0) model.term(stored + k - 1, -1)
    model.term(power + k, -asset.efficiency * own[k]!)
    if (given >= 0) model.term(given + k, own[k]! / asset.efficiency)
    model.endRow()
  }
  model.beginRow(`${name}.energy`, targetKwh, targetKwh)
  model.term(stored + steps - 1, 1)
  model.term(short, 1)
  model.endRow()
  return { stay, power, given, short, reserve: offerStayReserve(formulation, { stay, power, given, short, stored }) }
}

/** A binary a step that keeps the charging power at its least or at nothing. */
function chargeAtLeast(
  { asset, frame, model }: Formulation<EvChargingAsset, EvInputs>,
  stay: Stay,
  power: number,
): void {
  // A need of less than one step at the least power is met in a part of a step.
  const steps = stay.to - stay.from
  const on = model.addColumns(`${asset.id}.${stay.id}.on`, steps, { upper: 1, integer: true })
  for (let k = 0; k < steps; k += 1) {
    const share = stay.presence[k]!
    const leastKw = Math.min(stay.minKw, stay.energyKwh / (asset.efficiency * frame.hours[stay.from + k]!))
    model.beginRow(`${asset.id}.${stay.id}.least`, 0, Number.POSITIVE_INFINITY)
    model.term(power + k, 1)
    model.term(on + k, -leastKw * share)
    model.endRow()
    model.beginRow(`${asset.id}.${stay.id}.most`, Number.NEGATIVE_INFINITY, 0)
    model.term(power + k, 1)
    model.term(on + k, -stay.maxKw * share)
    model.endRow()
  }
}

/**
 * Reserve of a stay: up by charging less and giving back, if there is time to bring the energy in again before it leaves and
 * stock to give; down by charging more, up to what its battery takes or it needs.
 */
function offerStayReserve(
  formulation: Formulation<EvChargingAsset, EvInputs>,
  { stay, power, given, short, stored }: Omit<Placed, 'reserve'> & { readonly stored: number },
): Reserved {
  const { asset, frame } = formulation
  const sustain = sustainHours(frame)
  const { startKwh = 0 } = stay
  const targetKwh = startKwh + stay.energyKwh
  const steps = stay.to - stay.from
  /** What the stay can still take in after each step, less what it must hold when it leaves. */
  const lateKwh = new Float64Array(steps)
  let left = 0
  for (let k = steps - 1; k >= 0; k -= 1) {
    lateKwh[k] = left - targetKwh
    left += stay.presence[k]! * stay.maxKw * asset.efficiency * frame.hours[stay.from + k]!
  }
  const net = (sign: 1 | -1): ReserveTerm[] => [
    { first: power, factor: sign },
    ...(given < 0 ? [] : [{ first: given, factor: -sign }]),
  ]
  const at = (factor: number, lag: boolean): ReserveTerm => ({ first: stored, factor, lag, before: startKwh })
  const lossPerKw = sustain / asset.efficiency
  const fullKwh = Math.max(targetKwh, stay.batteryKwh ?? targetKwh)
  const floorKwh = Math.min(stay.floorKwh, startKwh)
  const ends = [false, true]
  return offerReserve(formulation, {
    name: `${asset.id}.${stay.id}`,
    from: stay.from,
    to: stay.to,
    up: {
      upToKw: stay.maxKw + stay.v2gKw,
      limits: [
        { most: stay.presence.map((share) => share * stay.v2gKw), terms: net(1) },
        { most: lateKwh, terms: [at(1, false), { first: short, factor: 1, same: true }], perKw: lossPerKw },
        ...(given < 0
          ? []
          : ends.map((lag): ReserveLimit => ({ most: -floorKwh, terms: [at(1, lag)], perKw: lossPerKw }))),
      ],
    },
    down: {
      upToKw: stay.maxKw + stay.v2gKw,
      limits: [
        { most: stay.presence.map((share) => share * stay.maxKw), terms: net(-1) },
        ...ends.map(
          (lag): ReserveLimit => ({ most: fullKwh, terms: [at(-1, lag)], perKw: sustain * asset.efficiency }),
        ),
      ],
    },
  })
}

function shortfall(
  asset: EvChargingAsset & { id: string; title: string },
  stay: Stay,
  amount: number,
  hours: Float64Array,
) {
  const reachableKwh = stay.presence.reduce(
    (sum, presence, index) => sum + presence * stay.maxKw * (hours[stay.from + index] ?? 0) * asset.efficiency,
    0,
  )
  const ownLimit = reachableKwh < stay.energyKwh - 0.01
  const cause = ownLimit
    ? `its charger gives at most ${reachableKwh.toFixed(1)} kWh before it leaves`
    : `the feeder of ${asset.feederLimitKw} kW or the site is full while it is there`
  return {
    wish: 'ev-energy',
    asset: asset.id,
    amount,
    unit: 'kWh',
    reason: `Vehicle ${stay.id} leaves ${amount.toFixed(1)} kWh short: ${cause}.`,
    reasonCode: ownLimit ? 'ev.stay-too-short' : 'ev.no-room',
    atMs: stay.departureMs,
  }
}

function breaches(published: Published<EvChargingAsset, EvInputs>): string[] {
  const { asset, frame, outcome, values } = published
  const { hours } = frame
  const powerKw = values('powerKw')
  const backKw = values('givenKw')
  const stays = staysOnGrid(asset, frame)
  const most = (k: number, of: (stay: Stay) => number): number =>
    stays.reduce((sum, stay) => sum + (stay.presence[k - stay.from] ?? 0) * of(stay), 0)
  const chargersKw = (k: number): number => most(k, ({ maxKw }) => maxKw)
  const v2gKw = (k: number): number => most(k, (stay) => stay.v2gKw)
  const given = (k: number): number => backKw[k] ?? 0
  const wantedKwh = stays.reduce((sum, { energyKwh }) => sum + energyKwh, 0)
  const intoKwh = powerKw.reduce(
    (sum, power, k) => sum + ((power + given(k)) * asset.efficiency - given(k) / asset.efficiency) * hours[k]!,
    0,
  )
  const namedKwh = outcome.relaxed.reduce((sum, { amount }) => sum + amount, 0)
  return [
    ...brokenSteps('passes its feeder', powerKw, outside(-asset.feederLimitKw, asset.feederLimitKw)),
    ...brokenSteps('charges who is not there', powerKw, (power, k) => !(power + given(k) <= chargersKw(k) + tolerance)),
    ...brokenSteps(
      'gives back what no vehicle can',
      powerKw,
      (power, k) => !(power + given(k) >= -tolerance && given(k) >= -tolerance && given(k) <= v2gKw(k) + tolerance),
    ),
    ...stockBreaches(published, stays),
    ...(Math.abs(wantedKwh - intoKwh - namedKwh) > unnamedKwh * (stays.length + 1)
      ? [`leaves ${wantedKwh - intoKwh} kWh uncharged and names ${namedKwh}`]
      : []),
    ...reserveBreaches(published, {
      upKw: (k) => Math.min(powerKw[k]! + v2gKw(k), asset.feederLimitKw + powerKw[k]!),
      downKw: (k) => Math.min(chargersKw(k) - powerKw[k]!, asset.feederLimitKw - powerKw[k]!),
    }),
  ]
}

/** Whether more was given back until some moment than all vehicles that came until then brought and took in. */
function stockBreaches(
  { asset, frame, values }: Published<EvChargingAsset, EvInputs>,
  stays: readonly Stay[],
): string[] {
  const powerKw = values('powerKw')
  const backKw = values('givenKw')
  let intoKwh = 0
  return brokenSteps('gives back what nobody brought', backKw, (back, k) => {
    const broughtKwh = stays.reduce(
      (sum, { from, startKwh = 0, floorKwh }) => sum + (from <= k ? Math.max(0, startKwh - floorKwh) : 0),
      0,
    )
    intoKwh += ((powerKw[k]! + back) * asset.efficiency - back / asset.efficiency) * frame.hours[k]!
    return intoKwh < -broughtKwh - unnamedKwh
  })
}

/** What vehicles lacked when they left, when the power that was lived is shared among them as the site shares it. */
function account({ asset, inputs, frame, values }: Lived<EvChargingAsset, EvInputs>): Account {
  const { grid, hours } = frame
  const totalKw = values('powerKw')
  const relaxed: Outcome['relaxed'][number][] = []
  const each = new Map(asset.sessions.map(({ id }) => [id, values(`${partPrefix}${id}`)]))
  let wear = 0
  let state: EvState = { chargedKwh: {} }
  for (let k = 0; k < totalKw.length; k += 1) {
    const present = presentIn(inputs.stays, k)
    const timestampMs = stepStartMs(grid, k)
    const stepHours = hours[k]!
    const partsKw = Object.fromEntries([...each].map(([id, powerKw]) => [id, powerKw[k] ?? 0]))
    const shared = share(state, { asset, present, wantedKw: totalKw[k]!, partsKw, timestampMs, stepHours })
    state = shared.state
    for (const stay of staysIn(inputs.stays, k)) {
      wear += Math.max(0, -(shared.ownKw[keyOf(stay)] ?? 0)) * stepHours * stay.wearPerKwh
      if (stay.to !== k + 1) continue
      const shortKwh = stay.energyKwh + stay.beforeKwh - (state.chargedKwh[keyOf(stay)] ?? stay.beforeKwh)
      if (shortKwh > unnamedKwh) relaxed.push(shortfall(asset, stay, shortKwh, hours))
    }
  }
  // What vehicles that stay longer have got is worth what it would cost later.
  let storedKwh = 0
  for (const stay of inputs.stays) {
    if (stay.to > totalKw.length) storedKwh += (state.chargedKwh[keyOf(stay)] ?? stay.beforeKwh) - stay.beforeKwh
  }
  const worth = medianOverTime(frame.tariff.importPrice, hours) / asset.efficiency
  return { cost: { wear, storedEnergy: -storedKwh * worth }, emissionsKgCo2e: 0, relaxed }
}

export const evCharging = defineComponent<EvChargingAsset, EvInputs, EvState>({
  kind: 'ev-charging',
  title: 'EV charging',
  schema: EvChargingSchema,
  points: [
    { id: 'powerKw', title: 'Power', unit: 'kW', role: 'measured' },
    { id: 'givenKw', title: 'Power that vehicles give back', unit: 'kW', role: 'computed' },
    ...reservePoints,
  ],
  check: (asset, site) => asset.sessions.flatMap((session, index) => sessionProblems(session, index, site)),
  prepare: async (asset, frame) => ({ stays: staysOnGrid(asset, frame) }),
  baseline(asset, { stays }, { grid, hours }) {
    // Uncontrolled charging is a fixed draw: one stay a step, as long as the step, that needs exactly that energy.
    const powerKw = chargeOnArrival(asset, stays, hours)
    const fixed = Array.from(powerKw, (power, k) => ({
      id: `step${k}`,
      arrivalMs: stepStartMs(grid, k),
      from: k,
      to: k + 1,
      presence: Float64Array.of(1),
      energyKwh: power * hours[k]! * asset.efficiency,
      beforeKwh: 0,
      maxKw: Math.max(power, 1e-9),
      minKw: 0,
      v2gKw: 0,
      floorKwh: 0,
      wearPerKwh: 0,
      departureMs: stepStartMs(grid, k + 1),
    })).filter((stay) => stay.energyKwh > 0)
    return { asset, inputs: { stays: fixed } }
  },
  formulate,
  // What a vehicle that is there at the beginning has got is taken off its need by `staysOnGrid`.
  initialState: () => ({ chargedKwh: {} }),
  resume: (_asset, state) => ({ chargedKwh: bySession(state) }),
  account,
  offeredKw: () => 0,
  surroundings: ({ stays }, k) => ({ [vehiclesThere]: presentIn(stays, k) }),
  draws: true,
  breaches,
  simulate(asset, state, { setpointKw, partsKw, surroundings, timestampMs, stepHours }) {
    const present = surroundings?.[vehiclesThere]
    if (!present) {
      const powerKw = Math.min(asset.feederLimitKw, Math.max(0, -(setpointKw ?? 0)))
      return { state, busKw: -powerKw, points: { powerKw } }
    }
    const next = share(state, {
      asset,
      present,
      ...(setpointKw === undefined ? {} : { wantedKw: -setpointKw }),
      ...(partsKw === undefined ? {} : { partsKw }),
      timestampMs,
      stepHours,
    })
    return { state: next.state, busKw: -next.powerKw, points: { powerKw: next.powerKw, ...partPoints(next) } }
  },
  describe({ asset, frame, outcome, marginalPricePerKwh }) {
    const powerKw = outcome.points.powerKw ?? new Float64Array()
    let energyKwh = 0
    let worth = 0
    let mean = 0
    const planned = planHours(frame)
    powerKw.forEach((power, k) => {
      energyKwh += power * frame.hours[k]!
      worth += power * frame.hours[k]! * marginalPricePerKwh[k]!
      mean += (marginalPricePerKwh[k]! * frame.hours[k]!) / planned
    })
    if (energyKwh < 0.5) return []
    if (powerKw.some((power, k) => power > 0.5 && marginalPricePerKwh[k]! >= frame.scarcityPricePerKwh)) {
      return [
        {
          asset: asset.id,
          code: 'ev.charges-short',
          text: `${asset.title} charges ${energyKwh.toFixed(0)} kWh, some of it while the site has less than it needs.`,
          values: { energyKwh },
        },
      ]
    }
    return [
      {
        asset: asset.id,
        code: 'ev.charges',
        text: `${asset.title} charges ${energyKwh.toFixed(0)} kWh at a mean worth of ${(worth / energyKwh).toFixed(3)} ${frame.site.currency} a kWh; the day’s mean is ${mean.toFixed(3)}.`,
        values: { energyKwh, pricePerKwh: worth / energyKwh, meanPricePerKwh: mean },
      },
    ]
  },
})
