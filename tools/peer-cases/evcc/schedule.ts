import type { EvccModel } from './model.ts'
import type { EvccExpected, EvccRequest } from './request.ts'

/** A solved case in the peer's units, Wh a step. */
export interface EvccSchedule {
  readonly importWh: Float64Array
  readonly exportWh: Float64Array
  /** Import above the limit; part of `importWh` when it has a price of its own. */
  readonly importExcessWh: Float64Array
  readonly chargeWh: readonly Float64Array[]
  readonly dischargeWh: readonly Float64Array[]
  readonly socWh: readonly Float64Array[]
  readonly peakExcessW: number
}

export function readSchedule({ grid, batteries }: EvccModel, values: Float64Array, steps: number): EvccSchedule {
  const block = (first: number): Float64Array =>
    first < 0 ? new Float64Array(steps) : values.subarray(first, first + steps).map((value) => value * 1000)
  const importExcessWh = block(grid.importExcess)
  const hasRate = grid.peakExcess >= 0
  return {
    importWh: block(grid.imported).map((value, t) => (hasRate ? value + importExcessWh[t]! : value)),
    exportWh: block(grid.exported),
    importExcessWh,
    chargeWh: batteries.map(({ charge }) => block(charge)),
    dischargeWh: batteries.map(({ discharge }) => block(discharge)),
    socWh: batteries.map(({ soc }) => block(soc)),
    peakExcessW: hasRate ? values[grid.peakExcess]! * 1000 : 0,
  }
}

/** The state of charge that gained energy is counted from: before the first step, or after it. */
export type SocReference = 'initial' | 'first'

interface Flows {
  readonly importWh: ArrayLike<number>
  readonly exportWh: ArrayLike<number>
  readonly importExcessWh: ArrayLike<number>
  readonly peakExcessW: number
  readonly socWh: readonly ArrayLike<number>[]
}

/** Worth without penalties and tie-breaks: what the grid paid, plus the value of energy gained since `referenceWh`. */
function cleanObjective(request: EvccRequest, flows: Flows, referenceWh: readonly number[]): number {
  const counted = request.excessPricePerW === undefined
  let worth = -(request.excessPricePerW ?? 0) * flows.peakExcessW
  for (let t = 0; t < request.stepS.length; t += 1) {
    const importWh = flows.importWh[t]! + (counted ? (flows.importExcessWh[t] ?? 0) : 0)
    worth += request.exportPricePerWh[t]! * flows.exportWh[t]! - request.importPricePerWh[t]! * importWh
  }
  request.batteries.forEach(({ valuePerWh }, i) => {
    const soc = flows.socWh[i]!
    worth += valuePerWh * (soc[soc.length - 1]! - referenceWh[i]!)
  })
  return worth
}

/**
 * The objective in the peer's sense, comparable with the stored one.
 *
 * The peer reports money plus `p_a · (s_T − s_0)` with `s_0` the state of charge AFTER the first step, although it
 * optimises `p_a · s_T`. So two schedules that are equally good report different values as soon as one charges in the
 * first step and the other later. What does not differ is money + `p_a · (s_T − s_initial)`. We compute that of our
 * own schedule and subtract `p_a · (s_0 − s_initial)` with the stored schedule's `s_0`: the value the peer would have
 * reported, had its schedule been worth as much as ours. Without a stored schedule our own `s_0` is used.
 * Later versions of the peer count from `s_initial`; which of the two a file means is told by its own schedule.
 */
export function peerObjective(request: EvccRequest, schedule: EvccSchedule, expected?: EvccExpected): number {
  const initial = request.batteries.map(({ initialWh }) => initialWh)
  const stored = fits(request, expected) ? expected?.schedule : undefined
  if (expected && stored) {
    const first = stored.socWh.map((soc) => soc[0]!)
    return cleanObjective(request, schedule, socReference(request, expected) === 'initial' ? initial : first)
  }
  return cleanObjective(
    request,
    schedule,
    schedule.socWh.map((soc) => soc[0]!),
  )
}

/** From which state of charge the stored objective counts: the one with which the stored schedule evaluates closer to it. */
export function socReference(request: EvccRequest, expected: EvccExpected): SocReference {
  const fromFirst = storedObjective(request, expected, 'first')
  const fromInitial = storedObjective(request, expected, 'initial')
  if (fromFirst === undefined || fromInitial === undefined || expected.objective === null) return 'first'
  const off = (value: number): number => Math.abs(value - (expected.objective ?? 0))
  return off(fromInitial) < off(fromFirst) ? 'initial' : 'first'
}

/** What the stored schedule itself is worth; nothing when the file has none. */
export function storedObjective(
  request: EvccRequest,
  expected: EvccExpected,
  reference: SocReference,
): number | undefined {
  const stored = fits(request, expected) ? expected.schedule : undefined
  if (!stored) return undefined
  const overshoot = request.stepS.map((seconds, t) => {
    const threshold = ((request.maxImportW ?? 0) * seconds) / 3600
    return seconds > 0 ? ((stored.importWh[t]! - threshold) * 3600) / seconds : 0
  })
  const flows: Flows = {
    importWh: stored.importWh,
    exportWh: stored.exportWh,
    importExcessWh: stored.importOvershootWh,
    peakExcessW: Math.max(0, ...overshoot),
    socWh: stored.socWh,
  }
  const references =
    reference === 'first' ? stored.socWh.map((soc) => soc[0]!) : request.batteries.map((b) => b.initialWh)
  return cleanObjective(request, flows, references)
}

function fits(request: EvccRequest, expected: EvccExpected | undefined): boolean {
  const steps = request.stepS.length
  const stored = expected?.schedule
  return (
    stored !== undefined &&
    stored.importWh.length === steps &&
    stored.exportWh.length === steps &&
    stored.socWh.length === request.batteries.length &&
    stored.socWh.every((soc) => soc.length === steps)
  )
}
