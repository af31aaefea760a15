/** An edge of a graph between two vertices, from `from` to `to`. */
export interface Edge {
  readonly from: number
  readonly to: number
}

/** A closed walk: edges by index, each with the direction in which it is walked. */
export type Cycle = readonly (readonly [edge: number, direction: 1 | -1])[]

/**
 * A cycle basis of a graph: for every edge outside a spanning forest, the cycle that it closes. Any basis gives the
 * same set of flows in Kirchhoff's voltage law; breadth-first trees keep the cycles short.
 * Parallel edges close cycles of two; an edge from a vertex to itself one of one.
 */
export function cycleBasis(vertices: number, edges: readonly Edge[]): readonly Cycle[] {
  const touching: number[][] = Array.from({ length: vertices }, () => [])
  edges.forEach(({ from, to }, edge) => {
    touching[from]!.push(edge)
    if (to !== from) touching[to]!.push(edge)
  })
  const parentEdge = new Int32Array(vertices).fill(-1)
  const depth = new Int32Array(vertices).fill(-1)
  const inTree = new Uint8Array(edges.length)
  const order: number[] = []
  for (let root = 0; root < vertices; root += 1) {
    if (depth[root]! >= 0) continue
    depth[root] = 0
    order.push(root)
    for (let head = order.length - 1; head < order.length; head += 1) {
      const vertex = order[head]!
      for (const edge of touching[vertex]!) {
        const { from, to } = edges[edge]!
        const next = from === vertex ? to : from
        if (depth[next]! >= 0) continue
        depth[next] = depth[vertex]! + 1
        parentEdge[next] = edge
        inTree[edge] = 1
        order.push(next)
      }
    }
  }
  /** Walks one edge towards the root. */
  const up = (vertex: number): readonly [edge: number, direction: 1 | -1, parent: number] => {
    const edge = parentEdge[vertex]!
    const { from, to } = edges[edge]!
    return from === vertex ? [edge, 1, to] : [edge, -1, from]
  }
  const cycles: Cycle[] = []
  edges.forEach(({ from, to }, edge) => {
    if (inTree[edge] === 1) return
    // Along the edge, then from its end up and down the tree to its beginning.
    const there: (readonly [number, 1 | -1])[] = [[edge, 1]]
    const back: (readonly [number, 1 | -1])[] = []
    let end = to
    let begin = from
    while (end !== begin) {
      if (depth[end]! >= depth[begin]!) {
        const [next, direction, parent] = up(end)
        there.push([next, direction])
        end = parent
      } else {
        const [next, direction, parent] = up(begin)
        back.push([next, direction === 1 ? -1 : 1])
        begin = parent
      }
    }
    cycles.push([...there, ...back.reverse()])
  })
  return cycles
}
