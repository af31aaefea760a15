import { clockToMs, localParts, type ProblemDetails, parseInstant, type Site } from '../../kernel/index.ts'
import type { Frame } from '../frame.ts'
import { type EvChargingAsset, EvChargingSchema, type EvSession } from '../schema/index.ts'
import {
  defineComponent,
  type Formulated,
  type Formulation,
  type Outcome,
  type Published,
  sumKwh,
} from './component.ts'
import { brokenSteps, outside, tolerance, unnamedKwh } from './limits.ts'

/** One stay inside the horizon. */
export interface Stay {
  readonly id: string
  /** First and last-plus-one step with any presence. */
  readonly from: number
  readonly to: number
  /** Share of each step from `from` on that the vehicle is there. */
  readonly presence: Float64Array
  /** Energy to bring into the vehicle within the horizon, kWh. */
  readonly energyKwh: number
  readonly maxKw: number
  readonly departureMs: number
}

interface EvInputs {
  readonly stays: readonly Stay[]
}

const dailyPattern = /^([01]\d|2[0-3]):[0-5]\d$/
const dayMs = 86_400_000

/** Arrival and departure of each occurrence of a session that touches `[startMs, endMs)`. */
function occurrences(
  session: EvSession,
  site: Site,
  startMs: number,
  endMs: number,
): { arrivalMs: number; departureMs: number }[] {
  if (!dailyPattern.test(session.arrival)) {
    const arrivalMs = parseInstant(session.arrival, site.zone)
    return [{ arrivalMs, departureMs: parseInstant(session.departure, site.zone) }]
  }
  const [arrival, departure] = [minuteOfDay(session.arrival), minuteOfDay(session.departure)]
  const stayMinutes = departure > arrival ? departure - arrival : departure - arrival + 1440
  const found: { arrivalMs: number; departureMs: number }[] = []
  // By calendar days, for a day of 23 or 25 hours is one day too.
  for (let day = localDay(startMs, site.zone) - 1; day <= localDay(endMs, site.zone); day += 1) {
    const arrivalMs = onDay(day, arrival, site.zone)
    const departureMs = onDay(departure > arrival ? day : day + 1, departure, site.zone)
    // A stay that a spring change swallows keeps its length.
    found.push({ arrivalMs, departureMs: departureMs > arrivalMs ? departureMs : arrivalMs + stayMinutes * 60_000 })
  }
  return found
}

const minuteOfDay = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5))

/** Number of the local calendar day, counted from 1970-01-01. */
function localDay(timestampMs: number, zone: string): number {
  const { year, month, day } = localParts(timestampMs, zone)
  return Date.UTC(year, month - 1, day) / dayMs
}

function onDay(day: number, minute: number, zone: string): number {
  const date = new Date(day * dayMs)
  const fields = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
  return clockToMs({ ...fields, hour: Math.floor(minute / 60), minute: minute % 60 }, zone)
}

/**
 * The stays of all sessions on the grid. A stay that the horizon cuts needs the share of its energy that its time
 * inside the horizon has of the whole stay.
 */
export function staysOnGrid(asset: EvChargingAsset, { site, grid }: Pick<Frame, 'site' | 'grid'>): Stay[] {
  const endMs = grid.startMs + grid.count * grid.stepMs
  const stays: Stay[] = []
  for (const session of asset.sessions) {
    const seen = new Set<number>()
    for (const { arrivalMs, departureMs } of occurrences(session, site, grid.startMs, endMs)) {
      if (departureMs <= grid.startMs || arrivalMs >= endMs || seen.has(arrivalMs)) continue
      seen.add(arrivalMs)
      const insideFrom = Math.max(arrivalMs, grid.startMs)
      const insideTo = Math.min(departureMs, endMs)
      const from = Math.floor((insideFrom - grid.startMs) / grid.stepMs)
      const to = Math.ceil((insideTo - grid.startMs) / grid.stepMs)
      const presence = Float64Array.from({ length: to - from }, (_, index) => {
        const stepStart = grid.startMs + (from + index) * grid.stepMs
        return (Math.min(insideTo, stepStart + grid.stepMs) - Math.max(insideFrom, stepStart)) / grid.stepMs
      })
      stays.push({
        id: session.id,
        from,
        to,
        presence,
        energyKwh: (session.energyKwh * (insideTo - insideFrom)) / (departureMs - arrivalMs),
        maxKw: session.maxKw,
        departureMs,
      })
    }
  }
  return stays
}

/** Power a step when every vehicle charges as soon as it arrives, as fast as charger and feeder allow, kW. */
export function chargeOnArrival(
  asset: EvChargingAsset,
  stays: readonly Stay[],
  count: number,
  stepHours: number,
): Float64Array {
  const powerKw = new Float64Array(count)
  const needKwh = stays.map((stay) => stay.energyKwh / asset.efficiency)
  for (let k = 0; k < count; k += 1) {
    let roomKw = asset.feederLimitKw
    stays.forEach((stay, index) => {
      if (k < stay.from || k >= stay.to) return
      const power = Math.min(roomKw, stay.maxKw * stay.presence[k - stay.from]!, needKwh[index]! / stepHours)
      needKwh[index]! -= power * stepHours
      roomKw -= power
      powerKw[k]! += power
    })
  }
  return powerKw
}

function formulate({ asset, inputs, frame, model, bus }: Formulation<EvChargingAsset, EvInputs>): Formulated {
  const { count } = frame.grid
  const { stepHours: hours } = frame
  const penalty = frame.penaltyPerKwh('ev-energy')
  const placed = inputs.stays.map((stay) => {
    const power = model.addColumns(`${asset.id}.${stay.id}.powerKw`, stay.to - stay.from, {
      upper: stay.presence.map((presence) => presence * stay.maxKw),
    })
    const short = model.addColumns(`${asset.id}.${stay.id}.shortKwh`, 1, { upper: stay.energyKwh, cost: penalty })
    model.beginRow(`${asset.id}.${stay.id}.energy`, stay.energyKwh, stay.energyKwh)
    for (let k = 0; k < stay.to - stay.from; k += 1) model.term(power + k, asset.efficiency * hours)
    model.term(short, 1)
    model.endRow()
    bus.draw(power, stay.from, stay.to)
    return { stay, power, short }
  })
  for (let k = 0; k < count; k += 1) {
    const here = placed.filter(({ stay }) => k >= stay.from && k < stay.to)
    if (here.reduce((sum, { stay }) => sum + stay.maxKw, 0) <= asset.feederLimitKw) continue
    model.beginRow(`${asset.id}.feeder`, Number.NEGATIVE_INFINITY, asset.feederLimitKw)
    for (const { stay, power } of here) model.term(power + k - stay.from, 1)
    model.endRow()
  }
  return {
    read(values): Outcome {
      const powerKw = new Float64Array(count)
      const relaxed: Outcome['relaxed'][number][] = []
      for (const { stay, power, short } of placed) {
        for (let k = stay.from; k < stay.to; k += 1) powerKw[k]! += values[power + k - stay.from]!
        const amount = values[short]!
        if (amount > 0.01) relaxed.push(shortfall(asset, stay, amount, hours))
      }
      return { points: { powerKw }, cost: {}, emissionsKgCo2e: 0, relaxed }
    },
  }
}

function shortfall(asset: EvChargingAsset & { id: string; title: string }, stay: Stay, amount: number, hours: number) {
  const reachableKwh = stay.presence.reduce(
    (sum, presence) => sum + presence * stay.maxKw * hours * asset.efficiency,
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

function breaches({ asset, frame, outcome, values }: Published<EvChargingAsset, EvInputs>): string[] {
  const powerKw = values('powerKw')
  const stays = staysOnGrid(asset, frame)
  const chargersKw = (k: number): number =>
    stays.reduce((sum, stay) => sum + (stay.presence[k - stay.from] ?? 0) * stay.maxKw, 0)
  const wantedKwh = stays.reduce((sum, { energyKwh }) => sum + energyKwh, 0)
  const givenKwh = sumKwh(powerKw, frame.stepHours) * asset.efficiency
  const namedKwh = outcome.relaxed.reduce((sum, { amount }) => sum + amount, 0)
  return [
    ...brokenSteps('passes its feeder', powerKw, outside(0, asset.feederLimitKw)),
    ...brokenSteps('charges who is not there', powerKw, (power, k) => !(power <= chargersKw(k) + tolerance)),
    ...(Math.abs(wantedKwh - givenKwh - namedKwh) > unnamedKwh * (stays.length + 1)
      ? [`leaves ${wantedKwh - givenKwh} kWh uncharged and names ${namedKwh}`]
      : []),
  ]
}

/** A moment, `daily` for a time of every day, undefined for what is neither. */
function readTime(text: string, zone: string): number | 'daily' | undefined {
  if (dailyPattern.test(text)) return 'daily'
  try {
    return parseInstant(text, zone)
  } catch {
    return undefined
  }
}

function sessionProblems(session: EvSession, index: number, site: Site): readonly ProblemDetails[] {
  const read = { arrival: readTime(session.arrival, site.zone), departure: readTime(session.departure, site.zone) }
  const unread = (['arrival', 'departure'] as const).filter((field) => read[field] === undefined)
  if (unread.length > 0) {
    return unread.map((field) => ({
      detail: `Session ${session.id} has a time that cannot be read`,
      place: { path: `sessions.${index}.${field}` },
      found: session[field],
      expected: 'HH:MM for every day, or ISO 8601',
    }))
  }
  const place = { path: `sessions.${index}.departure` }
  const daily = read.arrival === 'daily'
  if (daily !== (read.departure === 'daily')) {
    return [
      {
        detail: `Session ${session.id} mixes a daily time with a date`,
        place,
        found: session.departure,
        expected: daily ? 'HH:MM, as the arrival' : 'ISO 8601, as the arrival',
      },
    ]
  }
  if (daily || Number(read.departure) > Number(read.arrival)) return []
  return [
    {
      detail: `Session ${session.id} leaves before it arrives`,
      place,
      found: session.departure,
      expected: `after the arrival ${session.arrival}`,
    },
  ]
}

export const evCharging = defineComponent<EvChargingAsset, EvInputs, null>({
  kind: 'ev-charging',
  title: 'EV charging',
  schema: EvChargingSchema,
  points: [{ id: 'powerKw', title: 'Power', unit: 'kW', role: 'measured' }],
  check: (asset, site) => asset.sessions.flatMap((session, index) => sessionProblems(session, index, site)),
  prepare: async (asset, frame) => ({ stays: staysOnGrid(asset, frame) }),
  baseline(asset, { stays }, { grid, stepHours }) {
    // Uncontrolled charging is a fixed draw: one stay a step, as long as the step, that needs exactly that energy.
    const powerKw = chargeOnArrival(asset, stays, grid.count, stepHours)
    const fixed = Array.from(powerKw, (power, k) => ({
      id: `step${k}`,
      from: k,
      to: k + 1,
      presence: Float64Array.of(1),
      energyKwh: power * stepHours * asset.efficiency,
      maxKw: Math.max(power, 1e-9),
      departureMs: grid.startMs + (k + 1) * grid.stepMs,
    })).filter((stay) => stay.energyKwh > 0)
    return { asset, inputs: { stays: fixed } }
  },
  formulate,
  initialState: () => null,
  offeredKw: () => 0,
  draws: true,
  breaches,
  simulate(asset, state, { setpointKw = 0 }) {
    const powerKw = Math.min(asset.feederLimitKw, Math.max(0, -setpointKw))
    return { state, busKw: -powerKw, points: { powerKw } }
  },
  describe({ asset, frame, outcome, marginalPricePerKwh }) {
    const powerKw = outcome.points.powerKw ?? new Float64Array()
    let energyKwh = 0
    let worth = 0
    let mean = 0
    powerKw.forEach((power, k) => {
      energyKwh += power * frame.stepHours
      worth += power * frame.stepHours * marginalPricePerKwh[k]!
      mean += marginalPricePerKwh[k]! / powerKw.length
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
