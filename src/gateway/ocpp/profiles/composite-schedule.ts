import type { ChargingProfile, PlacedProfile, ProfilePurpose, RateUnit } from './charging-profile.ts'
import { changesOf, periodAt } from './schedule-at.ts'

/** What a station is, as far as limits go. */
export interface StationFrame {
  readonly evseIds: readonly number[]
  /** Volts between phase and neutral; 230 where the station says nothing else. */
  readonly voltageV: number
  /** Phases where no profile says how many. */
  readonly phases: number
  /** Limit of an EVSE outside of all profiles. */
  readonly defaultLimit: Readonly<Record<RateUnit, number>>
}

export interface ActiveTransaction {
  readonly evseId: number
  readonly transactionId?: string
  /** Relative profiles begin here; undefined: at the start of the window. */
  readonly startMs?: number
}

export interface CompositeQuery {
  readonly startMs: number
  readonly endMs: number
  /** 0: the whole station, as the sum of its EVSEs under the limits of the station. */
  readonly evseId: number
  readonly unit: RateUnit
  readonly transactions: readonly ActiveTransaction[]
  /** Answers for a transaction that might begin now on every EVSE that has none: what a vehicle would get. */
  readonly assumeTransaction: boolean
}

export interface CompositePeriod {
  readonly startS: number
  /** In the unit of the query: amperes a phase, or watts of all phases. */
  readonly limit: number
  readonly phases: number
  /** Rate to keep to, inside the limits (2.1). */
  readonly setpoint?: number
}

export interface CompositeSchedule {
  readonly startMs: number
  readonly durationS: number
  readonly unit: RateUnit
  readonly periods: readonly CompositePeriod[]
}

/** A limit with what is needed to say it in another unit. */
interface Rate {
  readonly limit: number
  readonly unit: RateUnit
  readonly phases: number | undefined
  readonly setpoint: number | undefined
  readonly dischargeLimit: number | undefined
}

interface Merged {
  readonly limit: number
  readonly phases: number
  readonly setpoint: number | undefined
}

/**
 * The limits that all profiles together set: for each purpose the profile of the highest stack level that says something at
 * the moment; a transaction's own profile before the default one; then the least over the purposes, in one unit, with the
 * fewest phases any of them names (OCPP 1.6 §3.13.5, 2.0.1 part 2 K01 and K08). Outside of all profiles the default holds.
 *
 * @returns periods that cover the window without a gap; neighbours differ. Starts are whole seconds: a limit that falls does
 *   so early, one that rises late, so that it is never above any profile.
 */
export function compositeSchedule(
  station: StationFrame,
  profiles: readonly PlacedProfile[],
  query: CompositeQuery,
): CompositeSchedule {
  const { startMs, endMs, unit } = query
  const edges = new Set([startMs])
  for (const { evseId, profile } of profiles) {
    // A profile of the station starts with the transaction of each EVSE.
    for (const id of evseId === 0 ? [0, ...station.evseIds] : [evseId]) {
      for (const ms of changesOf(profile, query, relativeMs(query, id))) edges.add(ms)
    }
  }
  const periods: CompositePeriod[] = []
  for (const ms of [...edges].sort((a, b) => a - b)) {
    const { limit, phases, setpoint } = query.evseId === 0 ? wholeStation(ms) : oneEvse(query.evseId, ms)
    const last = periods.at(-1)
    if (last && last.limit === limit && last.phases === phases && last.setpoint === setpoint) continue
    const exactS = (ms - startMs) / 1000
    const startS = last && limit > last.limit ? Math.ceil(exactS) : Math.floor(exactS)
    if (last && startS <= last.startS) {
      // Two changes in one second: the lower one holds all of it.
      periods.pop()
      periods.push({ ...(limit < last.limit ? period(startS, limit, phases, setpoint) : last), startS: last.startS })
      if (limit > last.limit) periods.push(period(last.startS + 1, limit, phases, setpoint))
      continue
    }
    periods.push(period(startS, limit, phases, setpoint))
  }
  return { startMs, durationS: Math.round((endMs - startMs) / 1000), unit, periods }

  function wholeStation(ms: number): Merged {
    let sum = 0
    let phases = 0
    let setpoint: number | undefined
    for (const evseId of station.evseIds) {
      const evse = merge(station, evseRates(evseId, ms), unit)
      sum += evse.limit
      phases = Math.max(phases, evse.phases)
      if (evse.setpoint !== undefined) setpoint = (setpoint ?? 0) + evse.setpoint
    }
    const stations = stationRates(ms)
    const rate: Rate = { limit: sum, unit, phases: phases || undefined, setpoint, dischargeLimit: undefined }
    if (station.evseIds.length === 0) return merge(station, stations, unit)
    // Watts of the sum are known; the station's fewer phases must not shrink them again before the least is taken.
    return merge(station, [rate, ...stations], unit)
  }

  function oneEvse(evseId: number, ms: number): Merged {
    return merge(station, [...evseRates(evseId, ms), ...stationRates(ms)], unit)
  }

  function stationRates(ms: number): Rate[] {
    return (['station-max', 'external'] as const).flatMap((purpose) => rateOf(purpose, 0, ms) ?? [])
  }

  function evseRates(evseId: number, ms: number): Rate[] {
    const own = query.transactions.some((transaction) => transaction.evseId === evseId)
    const rates = (['station-max', 'external'] as const).flatMap((purpose) => rateOf(purpose, evseId, ms) ?? [])
    const chosen =
      own || query.assumeTransaction
        ? (rateOf('priority', evseId, ms) ?? rateOf('tx', evseId, ms) ?? rateOf('tx-default', evseId, ms))
        : undefined
    if (chosen) rates.push(chosen)
    return rates.length > 0
      ? rates
      : [{ limit: station.defaultLimit[unit], unit, phases: undefined, setpoint: undefined, dischargeLimit: undefined }]
  }

  /** What the strongest profile of a purpose says at a moment. */
  function rateOf(purpose: ProfilePurpose, evseId: number, ms: number): Rate | undefined {
    let best: { readonly placed: PlacedProfile; readonly rate: Rate } | undefined
    for (const placed of profiles) {
      const { profile } = placed
      if (profile.purpose !== purpose || !concerns(placed, evseId)) continue
      if (best && !isStronger(placed, best.placed)) continue
      const found = periodAt(profile, ms, relativeMs(query, evseId))
      const unitOfProfile = profile.schedules[0]?.unit
      if (!found || !unitOfProfile) continue
      const { limit, phases, setpoint, dischargeLimit } = found
      best = { placed, rate: { limit, unit: unitOfProfile, phases, setpoint, dischargeLimit } }
    }
    return best?.rate
  }

  function concerns({ evseId, profile }: PlacedProfile, wanted: number): boolean {
    if (profile.purpose === 'tx-default' || profile.purpose === 'priority') return evseId === wanted || evseId === 0
    if (profile.purpose !== 'tx') return evseId === wanted
    return (
      evseId === wanted &&
      belongs(
        profile,
        query.transactions.find((one) => one.evseId === wanted),
      )
    )
  }
}

/** A transaction's profile says nothing of another transaction (2.0.1 K01.FR.39). */
function belongs(profile: ChargingProfile, transaction: ActiveTransaction | undefined): boolean {
  if (profile.transactionId === undefined || transaction?.transactionId === undefined) return true
  return profile.transactionId === transaction.transactionId
}

/** Stack level first; then the one for the EVSE itself; then the one that was set last. */
function isStronger(one: PlacedProfile, other: PlacedProfile): boolean {
  if (one.profile.stackLevel !== other.profile.stackLevel) return one.profile.stackLevel > other.profile.stackLevel
  return one.evseId >= other.evseId
}

function relativeMs({ transactions, startMs }: CompositeQuery, evseId: number): number {
  return transactions.find((transaction) => transaction.evseId === evseId)?.startMs ?? startMs
}

function merge(station: StationFrame, rates: readonly Rate[], unit: RateUnit): Merged {
  const phases = Math.min(...rates.map((rate) => rate.phases ?? Number.POSITIVE_INFINITY))
  const phaseCount = Number.isFinite(phases) ? phases : station.phases
  const convert = (value: number, from: RateUnit, own: number | undefined): number => {
    if (from === unit || !Number.isFinite(value)) return value
    // Watts spread over the phases that are left; amperes hold for each of the profile's own.
    return from === 'W'
      ? value / (station.voltageV * phaseCount)
      : value * station.voltageV * Math.min(phaseCount, own ?? phaseCount)
  }
  let limit = Number.POSITIVE_INFINITY
  let setpoint: number | undefined
  let floor = Number.NEGATIVE_INFINITY
  for (const rate of rates) {
    limit = Math.min(limit, convert(rate.limit, rate.unit, rate.phases))
    if (rate.setpoint !== undefined) setpoint ??= convert(rate.setpoint, rate.unit, rate.phases)
    if (rate.dischargeLimit !== undefined) floor = Math.max(floor, convert(rate.dischargeLimit, rate.unit, rate.phases))
  }
  if (!Number.isFinite(limit)) limit = station.defaultLimit[unit]
  return {
    limit,
    phases: phaseCount,
    setpoint: setpoint === undefined ? undefined : Math.max(floor, Math.min(limit, setpoint)),
  }
}

const period = (startS: number, limit: number, phases: number, setpoint: number | undefined): CompositePeriod => ({
  startS,
  limit,
  phases,
  ...(setpoint === undefined ? {} : { setpoint }),
})
