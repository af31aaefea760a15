import {
  goOver,
  isGoingOver,
  newPhaseState,
  type PhasePace,
  type PhaseState,
  siteNow,
  usualPhasePace,
  wishPhases,
} from './phase-switching.ts'
import { type Demands, shareLimit } from './share-limit.ts'
import type { PreparedSite } from './sharing-site.ts'

/** How fast things are: what the guard reckons with. */
export interface SharingPace extends PhasePace {
  /** Age of a measurement when it is used, s. */
  readonly meterDelayS: number
  /** A charger follows its limit within this, s. */
  readonly reactionS: number
  /** Other loads without the sun rise no faster than this: amperes a second in one phase. */
  readonly riseAPerS: number
  /** The surplus must last this long before a vehicle begins with it, s. */
  readonly startAfterS: number
  /** A vehicle goes on at its least current for this long after the surplus has gone, s. */
  readonly stopAfterS: number
  /** Time in hand that a vehicle keeps before it charges without the sun, s. */
  readonly spareS: number
}

export const usualPace: SharingPace = {
  meterDelayS: 5,
  reactionS: 2,
  riseAPerS: 10,
  startAfterS: 5,
  stopAfterS: 120,
  spareS: 900,
  ...usualPhasePace,
}

/** A vehicle at a charger. */
export interface WaitingVehicle {
  readonly energyLeftKwh: number
  readonly departureMs: number
  readonly arrivalMs: number
  /** Amperes a phase that it takes at most; absent: as much as its charger gives. */
  readonly mostA?: number
  /**
   * Amperes a phase that a plan gives it now. It gets them, and the sun beyond; it gets more where it would not be done in time, which
   * no plan stands above. Absent: there is no plan, and it charges as late as it can be done in time, or with the sun.
   */
  readonly plannedA?: number
}

export interface SharingState {
  /** Newest grants last, one entry a second, as long as a charger may take to follow. */
  readonly recentA: readonly Float64Array[]
  /** Since when the surplus is enough (> 0) or gone (< 0) for each charger, ms; 0: neither. */
  readonly turnMs: Float64Array
  readonly phases: PhaseState
}

/** @param alone by charger: the one phase that it draws from, or −1 for all of its own. Absent: all do */
export const newSharingState = (site: PreparedSite, alone?: ArrayLike<number>): SharingState => ({
  recentA: [],
  turnMs: new Float64Array(site.chargers.length),
  phases: newPhaseState(site, alone),
})

export interface SharingMoment {
  readonly nowMs: number
  /**
   * Other loads less the sun's power, by cell, A: negative is surplus. Read for circuits with other loads only. NaN: the meter
   * is silent, and nothing is shared.
   */
  readonly otherA: Float64Array
  /** By charger. */
  readonly vehicles: readonly (WaitingVehicle | undefined)[]
  readonly voltageV: number
  /**
   * By charger: amperes a phase that it may draw though it cannot be told anything now, its line being cut. No other gets them.
   * Absent: all can be told.
   */
  readonly fixedA?: Float64Array
  /**
   * By charger: amperes a phase that it holds by what it has taken. It goes over to other phases when it holds nothing. Absent: what it is
   * granted is what it has.
   */
  readonly toldA?: Float64Array
  /** By charger, 1: it can be told which phase to draw from alone. Absent: all can. */
  readonly choosesPhase?: Uint8Array
}

export interface SharingStep {
  /** Amperes a phase, by charger. */
  readonly grantA: Float64Array
  /** 1: it must charge now to be done in time, by charger. */
  readonly must: Uint8Array
  /** Numbers of the chargers with a vehicle that wants energy, the first in the queue first. */
  readonly queue: readonly number[]
  readonly state: SharingState
}

/**
 * One second of sharing a site. Never above a limit: a reserve covers what other loads may rise until a lower grant works, and
 * grants that were lowered count until chargers have followed.
 *
 * @returns amperes a phase for each charger, 1 for each that must charge now to be done in time, and the state for the next second
 */
export function stepSharing(
  whole: PreparedSite,
  state: SharingState,
  moment: SharingMoment,
  pace: SharingPace = usualPace,
): SharingStep {
  const { limitA, otherLoads, root } = whole
  const { nowMs, otherA } = moment
  const heldA = new Float64Array(whole.chargers.length)
  for (const grants of state.recentA)
    for (const [number, ampere] of grants.entries()) heldA[number] = Math.max(heldA[number]!, ampere)
  const phasesNow = goOver(state.phases, { nowMs, heldA, toldA: moment.toldA })
  const site = siteNow(whole, phasesNow)
  const { chargers } = site
  const reserveA = pace.riseAPerS * (pace.meterDelayS + pace.reactionS + 1)
  const fixedA = new Float64Array(limitA.length)
  // Whatever it does alone, it does in all of its phases.
  for (const [number, ampere] of (moment.fixedA ?? []).entries())
    for (const cell of whole.cells[number]!) fixedA[cell]! += ampere
  const freeA = limitA.map((limit, cell) => {
    const other = otherA[cell]!
    const left = limit - fixedA[cell]!
    if (!otherLoads[cell]) return left
    // What is fed in does not widen the fuse: it may be gone in the next second.
    return Number.isNaN(other) ? 0 : Math.min(left, left - other - reserveA)
  })
  const rootA = otherA.subarray(root * 3, root * 3 + 3)
  const fixedRootA = fixedA.subarray(root * 3, root * 3 + 3)
  const surplusA = rootA.some(Number.isNaN)
    ? 0
    : -rootA.reduce((sum, ampere, phase) => sum + ampere + fixedRootA[phase]!, 0)
  const lastA = state.recentA.at(-1)
  const turnMs = state.turnMs.slice()
  const wanted = demandsOf(site, moment, pace, { freeA, full: whole })
  const phases = wishPhases(
    whole,
    phasesNow,
    {
      ...{ nowMs, surplusA, queue: wanted.queue, must: wanted.must, plannedA: wanted.plannedA, mostA: wanted.mostA },
      ...{ choosesPhase: moment.choosesPhase, flowA: () => flowOf(site, rootA, lastA) },
    },
    pace,
  )
  // Who goes over pauses until it has.
  const demands = { ...wanted, queue: wanted.queue.filter((number) => !isGoingOver(phases, number)) }
  let sunA = surplusA
  for (const number of demands.queue) {
    if (demands.urgentA[number]! > 0) continue
    const { minA, phases: own } = chargers[number]!
    const running = (lastA?.[number] ?? 0) > 0
    const enough = sunA >= minA * own.length
    if (enough) sunA -= demands.mostA[number]! * own.length
    if (running) {
      turnMs[number] = enough ? 0 : turnMs[number]! < 0 ? turnMs[number]! : -nowMs
      demands.solar[number] = 1
      demands.hold[number] = enough || nowMs + turnMs[number]! < pace.stopAfterS * 1000 ? 1 : 0
    } else {
      turnMs[number] = enough ? (turnMs[number]! > 0 ? turnMs[number]! : nowMs) : 0
      demands.solar[number] = enough && nowMs - turnMs[number]! >= pace.startAfterS * 1000 ? 1 : 0
    }
  }
  const grantA = shareLimit(site, { demands, freeA, surplusA, heldA })
  // The new grant works within the reaction; the ones before it are drawn until then.
  const recentA = [...state.recentA, grantA].slice(-Math.max(1, Math.ceil(pace.reactionS)))
  return { grantA, must: demands.must, queue: wanted.queue, state: { recentA, turnMs, phases } }
}

interface UrgentDemands extends Demands {
  readonly must: Uint8Array
  readonly mostA: Float64Array
  /** Of a plan, summed over the phases of each charger. */
  readonly plannedA: Float64Array
}

/** Amperes in each phase of the connection: other loads, and what chargers were granted last. */
function flowOf(
  { cells, root }: PreparedSite,
  rootA: Float64Array,
  lastA: Float64Array | undefined,
): readonly number[] {
  const flowA = [...rootA]
  for (const [number, own] of cells.entries())
    for (const cell of own) if (cell >= root * 3 && cell < root * 3 + 3) flowA[cell - root * 3]! += lastA?.[number] ?? 0
  return flowA
}

/**
 * Who must charge, and the queue. A vehicle must when its time in hand is used up; and all up to a departure must when what they
 * want together is near to what the site gives until then (the bound of earliest-deadline-first scheduling).
 */
function demandsOf(
  site: PreparedSite,
  moment: SharingMoment,
  pace: SharingPace,
  { freeA, full }: { readonly freeA: Float64Array; readonly full: PreparedSite },
): UrgentDemands {
  const { chargers, root } = site
  const { nowMs, vehicles, voltageV } = moment
  const urgentA = new Float64Array(chargers.length)
  const solar = new Uint8Array(chargers.length)
  const hold = new Uint8Array(chargers.length)
  const must = new Uint8Array(chargers.length)
  const plannedA = Float64Array.from(
    full.chargers,
    ({ phases }, number) => (vehicles[number]?.plannedA ?? 0) * phases.length,
  )
  const mostA = Float64Array.from(chargers, ({ maxA }, number) => Math.min(maxA, vehicles[number]?.mostA ?? maxA))
  const queue = chargers.map((_, number) => number).filter((number) => (vehicles[number]?.energyLeftKwh ?? 0) > 0)
  const spareS = new Float64Array(chargers.length)
  for (const number of queue) {
    // Who must charge goes back to all phases.
    const { phases } = full.chargers[number]!
    const { energyLeftKwh, departureMs } = vehicles[number]!
    const fullKw = (mostA[number]! * phases.length * voltageV) / 1000
    spareS[number] = (departureMs - nowMs) / 1000 - (energyLeftKwh / fullKw) * 3600
  }
  queue.sort(
    (a, b) => vehicles[a]!.departureMs - vehicles[b]!.departureMs || vehicles[a]!.arrivalMs - vehicles[b]!.arrivalMs,
  )
  const siteA = freeA.subarray(root * 3, root * 3 + 3).reduce((sum, ampere) => sum + Math.max(0, ampere), 0)
  const siteKw = (siteA * voltageV) / 1000
  let wantedKwh = 0
  let tight = -1
  for (const [place, number] of queue.entries()) {
    wantedKwh += vehicles[number]!.energyLeftKwh
    const hours = Math.max(0, (vehicles[number]!.departureMs - nowMs) / 3_600_000 - pace.spareS / 3600)
    if (wantedKwh > siteKw * hours) tight = place
  }
  for (const [place, number] of queue.entries()) {
    solar[number] = 1
    const mustNow = spareS[number]! <= pace.spareS || place <= tight
    must[number] = mustNow ? 1 : 0
    const planned = plannedA[number]! / chargers[number]!.phases.length
    urgentA[number] = mustNow ? mostA[number]! : Math.min(mostA[number]!, planned)
  }
  // Least time in hand first: who waits loses it, and so comes to the front.
  const first = queue.filter((number) => urgentA[number]! > 0).sort((a, b) => spareS[a]! - spareS[b]!)
  return {
    urgentA,
    solar,
    hold,
    mostA,
    plannedA,
    must,
    queue: [...first, ...queue.filter((number) => urgentA[number]! === 0)],
  }
}
