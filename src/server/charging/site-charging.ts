import type { PlanOutput } from '../../energy/index.ts'
import {
  type ChargingRules,
  type FieldReading,
  newSharingState,
  type OcppClient,
  ocppCommands,
  readCharging,
  type SharedCharger,
  type SharingState,
  type SharingStep,
  setpointProfile,
  stepSharing,
  type Transaction,
  type WaitingVehicle,
} from '../../gateway/index.ts'
import { type Clock, MangroveError, quality, type Site } from '../../kernel/index.ts'
import type { Store } from '../../store/index.ts'
import type { Arrivals } from '../arrivals.ts'
import { followReadings } from '../commands/follow-readings.ts'
import { watchPlan } from '../commands/followed-plan.ts'
import { createReadingBatches } from '../field/batch-of-readings.ts'
import type { FieldLink } from '../field/create-field.ts'
import { bookingsOf, unknownKwh, waitingVehicle } from './bookings.ts'
import { type ChargingMode, type SeenCharger, type SiteChargingView, waitOf, whyOf } from './charger-view.ts'
import { type ChargerMoment, chooseLimits, type HeldLimit } from './choose-limits.ts'
import { circuitViews } from './circuit-view.ts'
import { heldLimitOf, kwPerAOf, wiringOf } from './held-limits.ts'
import { plannedFromMs, plannedParts } from './planned-parts.ts'

/** Source of the points by which charging tells how it is. */
export const chargingSource = 'charging'

export interface ChargingFigures {
  readonly mode: ChargingMode
  readonly chargers: number
  /** With a vehicle that charges. */
  readonly charging: number
  /** Limits that are told, kW together. */
  readonly limitKw: number
  readonly sent: number
  readonly failed: number
}

/** Shares the power of one site among its chargers. */
export interface SiteCharging {
  /** One second: looks at meter, plan and vehicles, and tells chargers what changes. */
  turn(): Promise<void>
  figures(): ChargingFigures
  view(): SiteChargingView
  /** Settles when what was sent has been answered. */
  settled(): Promise<void>
  /** Settles when what is under way has ended. */
  stop(): Promise<void>
}

export interface SiteChargingParts {
  site(): Site
  unitOf(site: Site, ref: string): string | undefined
  links(): readonly FieldLink[]
  readonly store: Pick<Store, 'documents' | 'evidence' | 'observations'>
  readonly arrivals: Pick<Arrivals, 'keep' | 'follow'>
  readonly clock: Clock
  monotonicMs(): number
  report(error: unknown, message: string): void
}

const planLookMs = 2000
const refreshMs = 5000
const tellMs = 10_000
const longestRetryMs = 60_000
/** Limits that are sent in a second, besides those that are lowered. */
const mostASecond = 20

/** What a turn sees. */
interface Situation {
  /** By charger. */
  readonly vehicles: readonly (WaitingVehicle | undefined)[]
  readonly reachable: readonly boolean[]
  /** Transactions that run, by charger. */
  readonly charges: ReadonlyMap<string, Transaction>
}

interface ChargerState {
  readonly charger: SharedCharger
  held: HeldLimit | undefined
  /** A limit that was sent and not answered, A: it may hold, now or when the station comes back. */
  unsureA: number | undefined
  busy: boolean
  failures: number
  retryMs: number
}

/** @param read the section `charging` of the site as it was read at the start; it changes with the site file only */
export function createSiteCharging(rules: ChargingRules, parts: SiteChargingParts): SiteCharging {
  const { store, arrivals, clock, monotonicMs, report } = parts
  const { voltageV } = rules
  const { id, zone } = parts.site()
  const bookings = bookingsOf(parts.site(), rules.asset)
  const chargersRef = rules.asset === undefined ? undefined : `${rules.asset}.powerKw`
  const refs = [...new Set([rules.meter, ...(chargersRef === undefined ? [] : [chargersRef]), ...ownRefs(rules)])]
  const readings = followReadings(id, refs, {
    ...{ arrivals, observations: store.observations },
    now: () => clock.now(),
  })
  const batchOf = createReadingBatches(id, chargingSource)
  const planWatch = watchPlan(id, store, report)
  const chargers: ChargerState[] = rules.chargers.map((charger) => ({
    ...{ charger, held: undefined, unsureA: undefined, busy: false, failures: 0, retryMs: Number.NEGATIVE_INFINITY },
  }))
  const underWay = new Set<Promise<void>>()
  const lately = { plan: Number.NEGATIVE_INFINITY, refresh: Number.NEGATIVE_INFINITY, told: Number.NEGATIVE_INFINITY }
  const counts = { sent: 0, failed: 0, charging: 0 }
  let lastSystem: OcppClient['system']
  let plan: { readonly output: PlanOutput; readonly publishedMs: number } | undefined
  let sharing: SharingState = newSharingState(rules.site)
  let mode: ChargingMode = 'deadlines'
  let told = ''
  /** Of the last turn, by charger. */
  let seen: readonly SeenCharger[] = []

  const isDue = (what: keyof typeof lately, everyMs: number): boolean => {
    if (monotonicMs() - lately[what] < everyMs) return false
    lately[what] = monotonicMs()
    return true
  }
  const known = (ref: string | undefined, nowMs: number): number | undefined => {
    const reading = ref === undefined ? undefined : readings.newest[ref]
    if (!reading || reading.value === null || reading.quality >= quality.suspect) return undefined
    return Math.abs(nowMs - reading.atMs) <= rules.meterStaleMs ? reading.value : undefined
  }
  /** What all chargers draw: by the meter of all of them, else by their own, else nothing is known and nothing is taken off. */
  const chargersKw = (nowMs: number): number =>
    known(chargersRef, nowMs) ?? ownRefs(rules).reduce((sum, ref) => sum + (known(ref, nowMs) ?? 0), 0)
  const drawnKw = ({ owner }: SharedCharger, nowMs: number): number | undefined =>
    owner === undefined ? undefined : known(`${owner}.powerKw`, nowMs)
  const isChargingKnown = (nowMs: number): boolean =>
    [chargersRef, ...ownRefs(rules)].some((ref) => known(ref, nowMs) !== undefined)

  /** Another node may have told a charger anything; what it told ends at the end of a setpoint at the latest. */
  const mostHeld = ({ maxA }: SharedCharger): HeldLimit => {
    const nowMs = clock.now()
    return { limitA: maxA, alone: -1, untilMs: nowMs + rules.setpointS * 1000, changedMs: nowMs }
  }
  const systemNow = (): OcppClient['system'] => {
    const link = parts.links().find((one) => one.site === id && one.id === rules.gateway)
    const system = (link?.client as OcppClient | undefined)?.system
    if (system && system !== lastSystem) {
      for (const state of chargers)
        state.held = link?.shared ? mostHeld(state.charger) : heldLimitOf(system, state.charger, voltageV)
      // A restart goes on with the phases that were told last.
      if (!lastSystem)
        sharing = newSharingState(
          rules.site,
          chargers.map(({ held }) => held?.alone ?? -1),
        )
    }
    lastSystem = system
    return system
  }
  const isReachable = (system: NonNullable<OcppClient['system']>, { stationId }: SharedCharger): boolean =>
    system.stationFigures(stationId).connected && system.book.station(stationId).boot?.admitted === 'accepted'
  /** What a charger may draw that cannot be told anything, amperes a phase. */
  const alone = ({ charger, held, unsureA = 0 }: ChargerState, nowMs: number): number => {
    const fallbackA = (rules.fallbackKw ?? 0) / kwPerAOf(charger, voltageV)
    const heldA = held && held.untilMs > nowMs ? held.limitA : 0
    return Math.min(charger.maxA, Math.max(fallbackA, heldA, unsureA))
  }

  const aloneOf = (number: number): number => sharing.phases.alone[number]!
  const send = (system: NonNullable<OcppClient['system']>, number: number, limitA: number): void => {
    const state = chargers[number]!
    const { charger } = state
    const alone = aloneOf(number)
    const nowMs = clock.now()
    const span = { startMs: nowMs - 60_000, durationS: rules.setpointS + 60 }
    const powerKw = limitA * kwPerAOf(charger, voltageV, alone)
    const profile = setpointProfile(charger.evseId, powerKw, wiringOf(charger, voltageV, alone), span)
    state.busy = true
    counts.sent += 1
    const going = ocppCommands
      .setProfile(system, charger.stationId, charger.evseId, profile, { tries: 1 })
      .then((status) => {
        if (status !== 'Accepted') throw new Error(`${charger.stationId} answered ${status}`)
        const changedMs = state.held?.limitA === limitA ? state.held.changedMs : nowMs
        state.held = { limitA, alone, untilMs: profile.validToMs!, changedMs }
        state.unsureA = undefined
        state.failures = 0
      })
      .catch((error: unknown) => {
        counts.failed += 1
        if (isUnsure(error)) state.unsureA = Math.max(limitA, state.unsureA ?? 0)
        state.failures += 1
        state.retryMs = monotonicMs() + Math.min(longestRetryMs, 1000 * 2 ** Math.min(6, state.failures - 1))
        if (!isGone(error)) report(error, `the limit of ${charger.id} at ${id} was not taken`)
      })
      .finally(() => {
        state.busy = false
        underWay.delete(going)
      })
    underWay.add(going)
  }

  const vehicleAt = (charge: Transaction, charger: SharedCharger, nowMs: number): WaitingVehicle | undefined => {
    const booking = bookings.get(charge.idToken?.toLowerCase() ?? '')
    const planned = plan && rules.asset !== undefined ? plannedParts(plan, rules.asset, nowMs) : undefined
    const plannedKw = booking && planned ? (planned[booking.id] ?? 0) : undefined
    return waitingVehicle(charge, booking, { nowMs, zone, plannedKw, kwPerA: kwPerAOf(charger, voltageV) })
  }

  const nextTurnMs = (charge: Transaction | undefined, nowMs: number): number | undefined => {
    const booking = bookings.get(charge?.idToken?.toLowerCase() ?? '')
    if (!booking || !plan || rules.asset === undefined || !plannedParts(plan, rules.asset, nowMs)) return undefined
    return plannedFromMs(plan, `${rules.asset}.powerKw.${booking.id}`, nowMs)
  }

  const turn = async (): Promise<void> => {
    const system = systemNow()
    if (!system) return
    if (isDue('refresh', refreshMs)) await readings.refresh()
    if (isDue('plan', planLookMs)) {
      const next = await planWatch.look()
      if (next) plan = { output: next.output, publishedMs: next.ref.publishedMs }
    }
    const nowMs = clock.now()
    const charges = new Map<string, Transaction>(
      system.book.running().map((charge) => [`${charge.stationId}/${charge.evseId}`, charge]),
    )
    const reachable = chargers.map(({ charger }) => isReachable(system, charger))
    const vehicles = chargers.map(({ charger }, number) => {
      const charge = charges.get(charger.id)
      return charge && reachable[number] ? vehicleAt(charge, charger, nowMs) : undefined
    })
    counts.charging = charges.size
    const { grantA, must, queue } = grants(system, { vehicles, reachable, charges }, nowMs)
    const places = new Map(queue.map((number, place) => [number, place + 1]))
    seen = chargers.map(({ charger }, number) => ({
      ...{ charger, mode, charges: charges.has(charger.id), reachable: reachable[number]! },
      ...{ vehicle: vehicles[number], grantA: grantA[number]!, must: must[number] === 1 },
      ...{ place: places.get(number), plannedFromMs: nextTurnMs(charges.get(charger.id), nowMs) },
    }))
    const moments = chargers.map((state, number): ChargerMoment => {
      const { charger, held, unsureA, busy, retryMs } = state
      return {
        ...{ grantA: grantA[number]!, leastA: charger.minA, charges: charges.has(charger.id) },
        held: unsureA === undefined ? held : undefined,
        ready: reachable[number]! && !busy && monotonicMs() >= retryMs,
      }
    })
    const settings = { nowMs, holdMs: rules.setpointS * 1000, most: mostASecond }
    for (const { number, limitA } of chooseLimits(moments, settings)) send(system, number, limitA)
    tell(nowMs)
  }

  /** Amperes a phase by charger, and who must charge now. */
  const grants = (
    system: NonNullable<OcppClient['system']>,
    { vehicles, reachable, charges }: Situation,
    nowMs: number,
  ): Pick<SharingStep, 'grantA' | 'must' | 'queue'> => {
    const meteredKw = known(rules.meter, nowMs)
    const isPlanned = plan && rules.asset !== undefined && plannedParts(plan, rules.asset, nowMs) !== undefined
    mode = meteredKw === undefined ? 'fallback' : isPlanned ? 'plan' : 'deadlines'
    if (meteredKw === undefined) {
      sharing = { ...newSharingState(rules.site), phases: sharing.phases }
      const grantA = Float64Array.from(chargers, ({ charger }) => (rules.fallbackKw ?? 0) / kwPerAOf(charger, voltageV))
      return { grantA, must: new Uint8Array(chargers.length), queue: [] }
    }
    const otherA = new Float64Array(rules.site.limitA.length)
    const each = ((meteredKw - chargersKw(nowMs)) * 1000) / (3 * voltageV)
    otherA.fill(each, rules.site.root * 3, rules.site.root * 3 + 3)
    const fixedA = Float64Array.from(chargers, (state, number) => {
      // What a charger drew that went silent, the meter of all of them has; what it may draw, nobody else gets.
      return reachable[number] ? 0 : alone(state, nowMs)
    })
    const toldA = Float64Array.from(chargers, ({ charger, held, unsureA = 0 }) => {
      const holds = held && held.untilMs > nowMs
      // Who has no limit falls back to one that is not told here.
      return holds ? Math.max(held.limitA, unsureA) : charges.has(charger.id) ? Number.POSITIVE_INFINITY : unsureA
    })
    const choosesPhase = Uint8Array.from(chargers, ({ charger: { stationId } }) => {
      const { version } = system.stationFigures(stationId)
      return version !== undefined && version !== 'ocpp1.6' ? 1 : 0
    })
    const moment = { nowMs, otherA, vehicles, voltageV, fixedA, toldA, choosesPhase }
    const step = stepSharing(rules.site, sharing, moment, rules.pace)
    sharing = step.state
    return step
  }

  const limitKw = (state: ChargerState, nowMs: number): number =>
    state.held && state.held.untilMs > nowMs
      ? state.held.limitA * kwPerAOf(state.charger, voltageV, state.held.alone)
      : 0
  const tell = (timestampMs: number): void => {
    const point = (ref: string, value: number, unit: string): FieldReading => ({
      ...{ ref, timestampMs, value, unit, quality: quality.good },
    })
    const modes: Readonly<Record<ChargingMode, number>> = { plan: 0, deadlines: 1, fallback: 2 }
    const values = [
      point('charging.mode', modes[mode], '1'),
      point('charging.vehicles', counts.charging, '1'),
      ...chargers.flatMap((state) =>
        state.charger.owner === undefined
          ? []
          : [point(`${state.charger.owner}.powerLimitKw`, limitKw(state, timestampMs), 'kW')],
      ),
    ]
    const now = values.map(({ value }) => value).join()
    if (now === told && !isDue('told', tellMs)) return
    told = now
    lately.told = monotonicMs()
    const going = arrivals
      .keep(batchOf(values))
      .catch((error: unknown) => report(error, `the state of charging at ${id} was not stored`))
      .finally(() => void underWay.delete(going))
    underWay.add(going)
  }

  const view = (): SiteChargingView => {
    const nowMs = clock.now()
    const meter = readings.newest[rules.meter]
    return {
      ...{ mode, gateway: rules.gateway },
      meter: {
        ...{ ref: rules.meter, powerKw: meter?.value ?? undefined, atMs: meter?.atMs },
        silent: known(rules.meter, nowMs) === undefined,
      },
      limitKw: chargers.reduce((sum, state) => sum + limitKw(state, nowMs), 0),
      chargersKw: isChargingKnown(nowMs) ? chargersKw(nowMs) : undefined,
      circuits: circuitViews(rules.site, {
        voltageV,
        meterKw: known(rules.meter, nowMs),
        aloneOf,
        grantA: chargers.map((_, number) => seen[number]?.grantA ?? 0),
        drawnKw: chargers.map(({ charger }) => drawnKw(charger, nowMs)),
      }),
      chargers: chargers.map(({ charger, held }, number) => {
        const kwPerA = kwPerAOf(charger, voltageV)
        const one = seen[number]
        const { vehicle } = one ?? {}
        const holds = held && held.untilMs > nowMs ? held : undefined
        return {
          ...{ stationId: charger.stationId, evseId: charger.evseId, why: one && whyOf(one) },
          grantKw: one && one.grantA * kwPerAOf(charger, voltageV, aloneOf(number)),
          phases: (aloneOf(number) < 0 ? charger.phases : [aloneOf(number)]).map((phase) => phase + 1),
          limit: holds && {
            powerKw: limitKw(chargers[number]!, nowMs),
            sinceMs: holds.changedMs,
            untilMs: holds.untilMs,
          },
          // Who has no booking is given the moment itself as its departure.
          departureMs: vehicle && vehicle.energyLeftKwh < unknownKwh ? vehicle.departureMs : undefined,
          energyLeftKwh: vehicle && vehicle.energyLeftKwh < unknownKwh ? vehicle.energyLeftKwh : undefined,
          plannedKw: vehicle?.plannedA === undefined ? undefined : vehicle.plannedA * kwPerA,
          drawnKw: drawnKw(charger, nowMs),
          askedKw: vehicle && Math.min(charger.maxA, vehicle.mostA ?? charger.maxA) * kwPerA,
          ...{ place: one?.place, waitsFor: one && waitOf(one), plannedFromMs: one?.plannedFromMs },
        }
      }),
    }
  }

  return {
    turn,
    view,
    figures: () => ({
      ...{ mode, chargers: chargers.length, ...counts },
      limitKw: chargers.reduce((sum, state) => sum + limitKw(state, clock.now()), 0),
    }),
    async settled() {
      await Promise.all(underWay)
    },
    async stop() {
      readings.stop()
      await Promise.all(underWay)
    },
  }
}

/** The rules of a site; undefined where it shares nothing. */
export const rulesOf = (site: Site, unitOf: (ref: string) => string | undefined): ChargingRules | undefined =>
  readCharging(site, { unitOf, isGone: () => false }).rules

const ownRefs = ({ chargers }: ChargingRules): readonly string[] =>
  chargers.flatMap(({ owner }) => (owner === undefined ? [] : [`${owner}.powerKw`]))

/** Whether the station may have heard it, or will. */
const isUnsure = (error: unknown): boolean =>
  error instanceof MangroveError && (error.code === 'ocpp.no-link' || error.code === 'ocpp.no-answer')
const isGone = (error: unknown): boolean => error instanceof MangroveError && error.code === 'ocpp.no-link'
