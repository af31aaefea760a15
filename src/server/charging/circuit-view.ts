import type { PreparedSite } from '../../gateway/index.ts'

/** Amperes of L1, L2 and L3. */
export type PhaseCurrents = readonly [number, number, number]

/** A cable as the last turn left it. */
export interface CircuitView {
  readonly id: string
  readonly parent: string | undefined
  readonly limitA: PhaseCurrents
  /** What its chargers are granted. */
  readonly grantedA: PhaseCurrents
  /** What its chargers draw by their own meters; undefined: one of them that is granted something has none. */
  readonly drawnA: PhaseCurrents | undefined
  /** All else in it, below zero: fed in. Of the connection only, where the meter is; undefined: the meter is silent. */
  readonly otherA: PhaseCurrents | undefined
}

export interface CircuitMoment {
  readonly voltageV: number
  /** By the meter of the connection, + imports. */
  readonly meterKw: number | undefined
  /** The one phase of the site that a charger draws from; −1: all of its own. */
  aloneOf(number: number): number
  /** By charger, amperes a phase. */
  readonly grantA: readonly number[]
  /** By charger. */
  readonly drawnKw: readonly (number | undefined)[]
}

/** How full each cable is, phase by phase. The meter tells all phases together: what else flows is taken as the same in each. */
export function circuitViews(site: PreparedSite, moment: CircuitMoment): readonly CircuitView[] {
  const { voltageV, meterKw, grantA, drawnKw } = moment
  const grantedA = new Float64Array(site.limitA.length)
  const drawnA = new Float64Array(site.limitA.length)
  for (const [number, cells] of site.cells.entries()) {
    const alone = moment.aloneOf(number)
    const own = alone < 0 ? cells : cells.filter((cell) => cell % 3 === alone)
    const phases = alone < 0 ? site.chargers[number]!.phases.length : 1
    const granted = grantA[number] ?? 0
    // Without a meter of its own nothing is known of a charger, unless it may draw nothing.
    const drawn = drawnKw[number] ?? (granted > 0 ? Number.NaN : 0)
    for (const cell of own) {
      grantedA[cell]! += granted
      drawnA[cell]! += (drawn * 1000) / (phases * voltageV)
    }
  }
  const of = (cells: Float64Array, circuit: number): PhaseCurrents => [
    cells[3 * circuit]!,
    cells[3 * circuit + 1]!,
    cells[3 * circuit + 2]!,
  ]
  const known = (currents: PhaseCurrents): PhaseCurrents | undefined =>
    currents.some(Number.isNaN) ? undefined : currents
  return site.circuits.map(({ id, parent }, circuit) => {
    const drawn = known(of(drawnA, circuit))
    const total = meterKw === undefined ? Number.NaN : (meterKw * 1000) / (3 * voltageV)
    return {
      ...{ id, parent, limitA: of(site.limitA, circuit), grantedA: of(grantedA, circuit), drawnA: drawn },
      otherA:
        circuit === site.root && drawn ? known([total - drawn[0], total - drawn[1], total - drawn[2]]) : undefined,
    }
  })
}
