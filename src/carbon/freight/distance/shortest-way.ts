import { carbonErrors } from '../../errors.ts'
import { type TransportMode, transportModes } from '../modes.ts'
import { createNodeHeap } from './binary-heap.ts'
import { greatCircleBoundKm, greatCircleKm } from './great-circle.ts'
import type { Network } from './network.ts'
import type { Place } from './place.ts'

export interface Way {
  readonly km: number
  /** Ids of the nodes that it goes by, first to last. */
  readonly nodes: readonly string[]
  /** Straight legs from the places to their nodes, part of `km`. */
  readonly accessKm: number
}

/** A node by its id, or a place somewhere near the network. */
export type End = { readonly label: string; readonly place: Place }

/**
 * The shortest feasible distance of ISO 14083 over a network, for one mode. E. W. Dijkstra (1959), with a binary heap: of n nodes and
 * m edges it takes (n + m)·log n steps. It is never shorter than the great circle, for no edge is.
 *
 * @throws `carbon.no-way` where no chain of edges of the mode joins the two, or a place lies too far from every node
 */
export function shortestWay(network: Network, from: End, to: End, mode: TransportMode): Way {
  const { ids, start, target, km, mode: modes } = network
  const own = transportModes.indexOf(mode)
  const serves = servedBy(network, own)
  const [first, last] = [nearest(network, from, serves, mode), nearest(network, to, serves, mode)]
  const distance = new Float64Array(ids.length).fill(Number.POSITIVE_INFINITY)
  const before = new Int32Array(ids.length).fill(-1)
  const heap = createNodeHeap(ids.length)
  distance[first.node] = 0
  heap.put(first.node, 0)
  for (let node = heap.take(); node >= 0 && node !== last.node; node = heap.take()) {
    for (let edge = start[node]!; edge < start[node + 1]!; edge += 1) {
      if (modes[edge] !== own) continue
      const next = target[edge]!
      const length = distance[node]! + km[edge]!
      if (length >= distance[next]!) continue
      distance[next] = length
      before[next] = node
      heap.put(next, length)
    }
  }
  const length = distance[last.node]!
  if (!Number.isFinite(length)) {
    throw carbonErrors.noWay({
      detail: `The network has no way by ${mode} from ${ids[first.node]} to ${ids[last.node]}`,
      found: `${from.label} to ${to.label}`,
      expected: `edges of ${mode} that join them`,
    })
  }
  const nodes: string[] = []
  for (let node = last.node; node >= 0; node = before[node]!) nodes.push(ids[node]!)
  const accessKm = first.km + last.km
  return { km: length + accessKm, nodes: nodes.reverse(), accessKm }
}

/** Whether a node has an edge of the mode, in or out. */
function servedBy({ ids, start, target, mode: modes }: Network, own: number): Uint8Array {
  const serves = new Uint8Array(ids.length)
  for (let node = 0; node < ids.length; node += 1) {
    for (let edge = start[node]!; edge < start[node + 1]!; edge += 1) {
      if (modes[edge] !== own) continue
      serves[node] = 1
      serves[target[edge]!] = 1
    }
  }
  return serves
}

/** Where a place joins the network: the node of its name or UN/LOCODE, else the nearest one that is near enough. */
function nearest(network: Network, { label, place }: End, serves: Uint8Array, mode: TransportMode) {
  const { ids, places, indexOf, accessKm } = network
  const named = indexOf.get(label)
  const same =
    named !== undefined && serves[named] === 1
      ? named
      : places.findIndex(({ locode }, node) => serves[node] === 1 && locode !== undefined && locode === place.locode)
  if (same >= 0) return { node: same, km: greatCircleKm(place, places[same]!) }
  let best = { node: -1, km: Number.POSITIVE_INFINITY }
  for (const [node, candidate] of places.entries()) {
    if (serves[node] === 0) continue
    // The bound is 2 % above the great circle at most.
    if (greatCircleBoundKm(place, candidate) > 1.02 * best.km) continue
    const km = greatCircleKm(place, candidate)
    if (km < best.km) best = { node, km }
  }
  if (best.node >= 0 && best.km <= accessKm) return best
  throw carbonErrors.noWay({
    detail: `${label} lies at no node that is served by ${mode}`,
    found: best.node < 0 ? 'no such node' : `${ids[best.node]} is the nearest, ${best.km.toFixed(3)} km away`,
    expected: `a node within ${accessKm} km (accessKm)`,
  })
}
