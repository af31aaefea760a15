import type { PreparedSite } from './sharing-site.ts'

/** What chargers ask for in one step, by their number. */
export interface Demands {
  /** Amperes a phase that it must have, to be done in time; 0: none. */
  readonly urgentA: Float64Array
  /** 1: it takes what the sun gives; 0: it takes nothing more. */
  readonly solar: Uint8Array
  /** 1: it goes on at its least current though the sun gives less (a cloud passes). */
  readonly hold: Uint8Array
  /** Numbers of the chargers, the first in the queue first. */
  readonly queue: readonly number[]
  /** Amperes a phase that the vehicle at each charger takes at most; absent: as much as its charger gives. */
  readonly mostA?: Float64Array
}

export interface ShareRequest {
  readonly demands: Demands
  /** Amperes that chargers may draw together, by cell: limit without other loads and reserve. Less than 0 counts as 0. */
  readonly freeA: Float64Array
  /** What would be fed in without chargers: amperes, summed over the phases. */
  readonly surplusA: number
  /** Amperes that each charger may be drawing still, whatever it is told now. */
  readonly heldA: Float64Array
}

const tinyA = 1e-9

/**
 * Shares the currents of a site among chargers: amperes a phase for each, 0 or between its least and most.
 *
 * First those who must charge, in the order of the queue, get their least current, as far as it goes round; then all of them rise
 * together until each has what it needs or a cable is full (max-min fair: progressive filling, Bertsekas and Gallager 1992,
 * §6.5.2). Then the sun's surplus goes to the others, one after another. The sum is never above `freeA` in any cell, and never
 * above it either while those who were lowered still draw `heldA`: who gets more waits for them.
 */
export function shareLimit(site: PreparedSite, request: ShareRequest): Float64Array {
  return afterOthers(site, fairShares(site, request), request)
}

/** What each gets once all have followed. */
function fairShares(site: PreparedSite, { demands, freeA, surplusA }: ShareRequest): Float64Array {
  const { chargers, cells } = site
  const { urgentA, solar, hold, queue, mostA } = demands
  const highestA = (number: number): number => Math.min(chargers[number]!.maxA, mostA?.[number] ?? Infinity)
  const grantA = new Float64Array(chargers.length)
  const usedA = new Float64Array(freeA.length)

  /** How much more a charger may get. */
  function room(number: number): number {
    let most = Number.POSITIVE_INFINITY
    for (const cell of cells[number]!) most = Math.min(most, Math.max(0, freeA[cell]!) - usedA[cell]!)
    return Math.max(0, most)
  }

  function raise(number: number, byA: number): void {
    grantA[number]! += byA
    for (const cell of cells[number]!) usedA[cell]! += byA
  }

  const must: number[] = []
  for (const number of queue) {
    const { minA } = chargers[number]!
    if (urgentA[number]! <= 0 || room(number) < minA - tinyA) continue
    raise(number, Math.min(minA, room(number)))
    if (grantA[number]! < minA) raise(number, -grantA[number]!)
    else must.push(number)
  }
  fillTogether(site, must, (number) => Math.min(highestA(number), urgentA[number]!) - grantA[number]!, room, raise)

  let left = surplusA
  for (const number of must) left -= grantA[number]! * chargers[number]!.phases.length
  for (const number of queue) {
    if (grantA[number]! > 0 || !solar[number]) continue
    const { minA, phases } = chargers[number]!
    const sunA = left / phases.length
    if (sunA < minA && !hold[number]) continue
    const wantedA = Math.min(Math.max(minA, highestA(number)), Math.max(minA, sunA), room(number))
    if (wantedA < minA) continue
    raise(number, wantedA)
    left -= wantedA * phases.length
  }
  // What the sun still gives goes to those who must charge too, who are not yet at their most.
  for (const number of must) {
    if (left <= tinyA) break
    const { phases } = chargers[number]!
    const more = Math.min(highestA(number) - grantA[number]!, left / phases.length, room(number))
    if (more <= 0) continue
    raise(number, more)
    left -= more * phases.length
  }
  return grantA
}

/** Shares as far as they go while those who are lowered still draw what they held; the first in the queue first. */
function afterOthers(
  { chargers, cells }: PreparedSite,
  fairA: Float64Array,
  { demands, freeA, heldA }: ShareRequest,
): Float64Array {
  const grantA = fairA.map((fair, number) => Math.min(fair, heldA[number]!))
  const occupiedA = new Float64Array(freeA.length)
  for (const [number, own] of cells.entries()) for (const cell of own) occupiedA[cell]! += heldA[number]!
  for (const number of demands.queue) {
    let more = fairA[number]! - grantA[number]!
    for (const cell of cells[number]!) more = Math.min(more, Math.max(0, freeA[cell]!) - occupiedA[cell]!)
    // Less than the least is nothing: it begins when there is room for that.
    if (more <= 0 || grantA[number]! + more < chargers[number]!.minA) continue
    grantA[number]! += more
    for (const cell of cells[number]!) occupiedA[cell]! += more
  }
  return grantA.map((ampere, number) => (ampere < chargers[number]!.minA ? 0 : ampere))
}

/** Raises all at one pace; who has enough, or meets a full cable, stays where it is. */
function fillTogether(
  { cells }: PreparedSite,
  numbers: readonly number[],
  lacking: (number: number) => number,
  room: (number: number) => number,
  raise: (number: number, byA: number) => void,
): void {
  let rising = numbers.filter((number) => lacking(number) > tinyA)
  while (rising.length > 0) {
    const sharers = new Map<number, number>()
    for (const number of rising) for (const cell of cells[number]!) sharers.set(cell, (sharers.get(cell) ?? 0) + 1)
    let pace = Number.POSITIVE_INFINITY
    for (const number of rising) {
      const crowd = Math.max(...Array.from(cells[number]!, (cell) => sharers.get(cell)!))
      pace = Math.min(pace, lacking(number), room(number) / crowd)
    }
    if (pace > tinyA) for (const number of rising) raise(number, pace)
    const next = rising.filter((number) => lacking(number) > tinyA && room(number) > tinyA)
    // Rounding must not keep it going round.
    if (pace <= tinyA && next.length === rising.length) return
    rising = next
  }
}
