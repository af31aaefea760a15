import {
  clockToMs,
  localParts,
  type ProblemDetails,
  parseInstant,
  type Site,
  stepAt,
  stepEdgesMs,
} from '../../kernel/index.ts'
import type { Frame } from '../frame.ts'
import type { EvChargingAsset, EvSession } from '../schema/index.ts'

/** One stay inside the horizon. */
export interface Stay {
  readonly id: string
  readonly arrivalMs: number
  /** First and last-plus-one step with any presence. */
  readonly from: number
  readonly to: number
  /** Share of each step from `from` on that the vehicle is there. */
  readonly presence: Float64Array
  /** Energy to bring into the vehicle within the horizon, kWh. */
  readonly energyKwh: number
  readonly maxKw: number
  /** Energy that it has got before its part of the horizon, kWh. */
  readonly beforeKwh: number
  /** Least power it charges at, kW; 0 where any will do. */
  readonly minKw: number
  /** Power it can give back, kW. */
  readonly v2gKw: number
  /** What is in its battery when its part of the horizon begins, kWh; only known of vehicles that say so. */
  readonly startKwh?: number
  readonly batteryKwh?: number
  /** Giving back stops at this stock, kWh. */
  readonly floorKwh: number
  /** Wear of one kWh that is given back, in the currency of the site. */
  readonly wearPerKwh: number
  readonly departureMs: number
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
 * inside the horizon has of the whole stay; of one that began before, what it lacks where that is known.
 */
export function staysOnGrid(asset: EvChargingAsset, { site, grid }: Pick<Frame, 'site' | 'grid'>): Stay[] {
  const edgesMs = stepEdgesMs(grid)
  const endMs = edgesMs[grid.count]!
  const stays: Stay[] = []
  for (const session of asset.sessions) {
    const seen = new Set<number>()
    for (const { arrivalMs, departureMs } of occurrences(session, site, grid.startMs, endMs)) {
      if (departureMs <= grid.startMs || arrivalMs >= endMs || seen.has(arrivalMs)) continue
      seen.add(arrivalMs)
      const insideFrom = Math.max(arrivalMs, grid.startMs)
      const insideTo = Math.min(departureMs, endMs)
      const from = stepAt(grid, insideFrom)
      const to = stepAt(grid, insideTo - 1) + 1
      const presence = Float64Array.from({ length: to - from }, (_, index) => {
        const beginMs = edgesMs[from + index]!
        const nextMs = edgesMs[from + index + 1]!
        return (Math.min(insideTo, nextMs) - Math.max(insideFrom, beginMs)) / (nextMs - beginMs)
      })
      const known = arrivalMs < grid.startMs && asset.chargedKwh !== undefined
      const lacksKwh = known
        ? Math.max(0, session.energyKwh - (asset.chargedKwh?.[session.id] ?? 0))
        : session.energyKwh
      const beforeKwh = known
        ? (asset.chargedKwh?.[session.id] ?? 0)
        : (session.energyKwh * Math.max(0, insideFrom - arrivalMs)) / (departureMs - arrivalMs)
      const startKwh = stockOnArrival(session)
      stays.push({
        id: session.id,
        arrivalMs,
        from,
        to,
        presence,
        energyKwh: (lacksKwh * (insideTo - insideFrom)) / (departureMs - (known ? grid.startMs : arrivalMs)),
        beforeKwh,
        maxKw: session.maxKw,
        minKw: session.minKw ?? 0,
        v2gKw: session.v2gKw ?? 0,
        ...(startKwh === undefined ? {} : { startKwh: startKwh + beforeKwh }),
        ...(session.batteryKwh === undefined ? {} : { batteryKwh: session.batteryKwh }),
        floorKwh: session.minKwh ?? 0,
        wearPerKwh: session.v2gWearPerKwh ?? 0,
        departureMs,
      })
    }
  }
  return stays
}

/** What is in the battery of a vehicle that comes, kWh; undefined where the session does not say. */
export const stockOnArrival = ({ arrivalKwh, arrivalSoc, batteryKwh }: EvSession): number | undefined =>
  arrivalKwh ?? (arrivalSoc === undefined || batteryKwh === undefined ? undefined : arrivalSoc * batteryKwh)

/** A moment, `daily` for a time of every day, undefined for what is neither. */
function readTime(text: string, zone: string): number | 'daily' | undefined {
  if (dailyPattern.test(text)) return 'daily'
  try {
    return parseInstant(text, zone)
  } catch {
    return undefined
  }
}

/** What the schema cannot say of a session. */
export function sessionProblems(session: EvSession, index: number, site: Site): readonly ProblemDetails[] {
  const read = { arrival: readTime(session.arrival, site.zone), departure: readTime(session.departure, site.zone) }
  const unread = (['arrival', 'departure'] as const).filter((field) => read[field] === undefined)
  const stock = stockProblems(session, index)
  if (stock.length > 0) return stock
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

/** Contradictions between what a battery holds, needs and gives. */
function stockProblems(session: EvSession, index: number): readonly ProblemDetails[] {
  const { id, energyKwh, maxKw, minKw = 0, v2gKw = 0, batteryKwh, minKwh = 0 } = session
  const startKwh = stockOnArrival(session)
  const problem = (field: string, detail: string, found: unknown, expected: string): ProblemDetails => ({
    detail: `Session ${id} ${detail}`,
    place: { path: `sessions.${index}.${field}` },
    found,
    expected,
  })
  return [
    ...(minKw > maxKw ? [problem('minKw', 'charges at least above its most', minKw, `at most maxKw (${maxKw})`)] : []),
    ...(v2gKw > 0 && (batteryKwh === undefined || startKwh === undefined)
      ? [
          problem(
            'v2gKw',
            'gives back from a battery that nothing is known of',
            v2gKw,
            'batteryKwh, and arrivalKwh or arrivalSoc',
          ),
        ]
      : []),
    ...(batteryKwh !== undefined && startKwh !== undefined && startKwh + energyKwh > batteryKwh + 1e-9
      ? [problem('energyKwh', 'needs more than its battery takes', energyKwh, `at most ${batteryKwh - startKwh}`)]
      : []),
    ...(batteryKwh !== undefined && minKwh > batteryKwh
      ? [problem('minKwh', 'keeps more than its battery holds', minKwh, `at most batteryKwh (${batteryKwh})`)]
      : []),
  ]
}
