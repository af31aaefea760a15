import type { Asset } from '../../kernel/index.ts'
import type { LineAsset, TransformerAsset } from '../schema/index.ts'
import type { Branch } from './branch.ts'
import type { Outcome } from './component.ts'
import { lineBranch } from './line.ts'
import { transformerBranch } from './transformer.ts'

interface Edge {
  readonly id: string
  readonly from: string
  readonly to: string
  readonly reactance: number
  readonly limitKw: number
  readonly flowKw: Float64Array
}

function branchOf(asset: Asset): Branch | undefined {
  if (asset.kind === 'line') return lineBranch(asset as unknown as LineAsset)
  if (asset.kind === 'transformer') return transformerBranch(asset as unknown as TransformerAsset)
  return undefined
}

/**
 * Kirchhoff's voltage law on published flows: around every loop of branches with a reactance, flow times reactance sums to
 * nothing. Buses get the angle that the first way to them gives; every further way has to give the same.
 *
 * @returns what is broken, in words
 */
export function voltageLawBreaches(assets: readonly Asset[], outcomes: ReadonlyMap<string, Outcome>): string[] {
  const edges = assets.flatMap((asset): Edge[] => {
    const branch = branchOf(asset)
    const flowKw = outcomes.get(asset.id)?.points.flowKw
    if (branch?.reactancePerUnit === undefined || branch.limitKw <= 0 || !flowKw) return []
    const { from, to, reactancePerUnit: reactance, limitKw } = branch
    return [{ id: asset.id, from, to, reactance, limitKw, flowKw }]
  })
  const steps = edges[0]?.flowKw.length ?? 0
  const angles = new Map<string, Float64Array>()
  const walked = new Set<Edge>()
  for (const start of edges) {
    if (angles.has(start.from)) continue
    angles.set(start.from, new Float64Array(steps))
    const waiting = [start.from]
    for (let bus = waiting.shift(); bus !== undefined; bus = waiting.shift()) {
      const here = angles.get(bus)!
      for (const edge of edges) {
        const forward = edge.from === bus
        if (!forward && edge.to !== bus) continue
        const next = forward ? edge.to : edge.from
        if (angles.has(next)) continue
        const drop = forward ? -edge.reactance : edge.reactance
        angles.set(
          next,
          here.map((angle, k) => angle + drop * edge.flowKw[k]!),
        )
        walked.add(edge)
        waiting.push(next)
      }
    }
  }
  // Dust of every flow of a loop, in terms of the flow over the reactance that it is compared on.
  const largestKw = Math.max(1, ...edges.map(({ limitKw }) => limitKw))
  const largestReactance = Math.max(0, ...edges.map(({ reactance }) => reactance))
  const dust = 1e-3 * Math.max(1, 1e-3 * largestKw) * edges.length * largestReactance
  return edges
    .filter((edge) => !walked.has(edge))
    .flatMap(({ id, from, to, reactance, flowKw }) => {
      const [begin, end] = [angles.get(from)!, angles.get(to)!]
      const step = flowKw.findIndex((flow, k) => {
        const drop = begin[k]! - end[k]!
        return !(Math.abs(flow * reactance - drop) <= dust)
      })
      if (step < 0) return []
      return [`${id}: flows against the voltage law in step ${step}: ${flowKw[step]} kW`]
    })
}
