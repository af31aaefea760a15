/** An undirected graph without loops: neighbours of node `i` are `neighbours[start[i] … start[i + 1] − 1]`. */
export interface Graph {
  readonly count: number
  /** Length count + 1. */
  readonly start: Int32Array
  readonly neighbours: Int32Array
}

const alive = 0
const element = 1
const gone = 2

/**
 * An order in which a sparse symmetric matrix is eliminated with little fill, by approximate minimum degree on the quotient
 * graph (Amestoy, Davis & Duff 1996, SIAM J. Matrix Anal. Appl. 17(4)): eliminated nodes become elements, elements that a
 * newer one covers are absorbed, and degrees are bounded from the sizes of elements rather than counted. Nodes with very
 * many neighbours (the sizes of a park, which meet every hour of a year) come last.
 *
 * @returns the nodes in the order of elimination
 */
export function minimumDegreeOrder({ count, start, neighbours }: Graph): Int32Array {
  const order = new Int32Array(count)
  const state = new Uint8Array(count)
  const denseFrom = Math.max(16, Math.sqrt(count))
  const dense: number[] = []
  for (let i = 0; i < count; i += 1) {
    if (start[i + 1]! - start[i]! > denseFrom) {
      dense.push(i)
      state[i] = gone
    }
  }
  // In the slot of a node stand first the elements it belongs to, then the nodes that still are its neighbours.
  const slots = neighbours.slice()
  const elementCount = new Int32Array(count)
  const nodeCount = new Int32Array(count)
  const degree = new Int32Array(count)
  for (let i = 0; i < count; i += 1) {
    if (state[i] === gone) continue
    let kept = start[i]!
    for (let at = start[i]!; at < start[i + 1]!; at += 1) {
      if (state[slots[at]!] !== gone) slots[kept++] = slots[at]!
    }
    nodeCount[i] = kept - start[i]!
    degree[i] = nodeCount[i]!
  }
  const queue = createDegreeQueue(count)
  for (let i = 0; i < count; i += 1) if (state[i] === alive) queue.insert(i, degree[i]!)

  let members = new Int32Array(Math.max(1024, neighbours.length))
  let memberEnd = 0
  const memberStart = new Int32Array(count)
  const memberCount = new Int32Array(count)
  const inPivot = new Int32Array(count).fill(-1)
  /** `outside[e] − base` counts the members of element `e` outside the pivot's. */
  const outside = new Float64Array(count)
  let base = 0
  const spare: number[] = []
  let placed = 0
  for (let pivot = queue.takeLeast(); pivot >= 0; pivot = queue.takeLeast()) {
    order[placed] = pivot
    placed += 1
    // The pivot's members: its neighbours and those of all elements it belongs to.
    let most = nodeCount[pivot]!
    const slot = start[pivot]!
    for (let at = slot; at < slot + elementCount[pivot]!; at += 1) most += memberCount[slots[at]!]!
    if (memberEnd + most > members.length) {
      const wider = new Int32Array(Math.max(members.length * 2, memberEnd + most))
      wider.set(members)
      members = wider
    }
    const first = memberEnd
    inPivot[pivot] = pivot
    const add = (node: number): void => {
      if (state[node] !== alive || inPivot[node] === pivot) return
      inPivot[node] = pivot
      members[memberEnd] = node
      memberEnd += 1
    }
    for (let at = slot; at < slot + elementCount[pivot]!; at += 1) {
      const e = slots[at]!
      for (let m = memberStart[e]!; m < memberStart[e]! + memberCount[e]!; m += 1) add(members[m]!)
      state[e] = gone
    }
    for (let at = slot + elementCount[pivot]!; at < slot + elementCount[pivot]! + nodeCount[pivot]!; at += 1) {
      add(slots[at]!)
    }
    state[pivot] = element
    memberStart[pivot] = first
    memberCount[pivot] = memberEnd - first
    const size = memberEnd - first

    base += count + 1
    for (let m = first; m < memberEnd; m += 1) {
      const i = members[m]!
      for (let at = start[i]!; at < start[i]! + elementCount[i]!; at += 1) {
        const e = slots[at]!
        if (state[e] !== element) continue
        if (outside[e]! < base) outside[e] = base + memberCount[e]!
        outside[e]! -= 1
      }
    }
    for (let m = first; m < memberEnd; m += 1) {
      const i = members[m]!
      const from = start[i]!
      const nodesFrom = from + elementCount[i]!
      const nodesTo = nodesFrom + nodeCount[i]!
      let beyond = 0
      spare.length = 0
      for (let at = nodesFrom; at < nodesTo; at += 1) {
        const node = slots[at]!
        if (state[node] !== alive || inPivot[node] === pivot) continue
        spare.push(node)
        beyond += 1
      }
      let to = from
      for (let at = from; at < nodesFrom; at += 1) {
        const e = slots[at]!
        if (state[e] !== element) continue
        const more = outside[e]! - base
        if (more === 0) {
          // All of it lies within the pivot's members.
          state[e] = gone
          continue
        }
        slots[to] = e
        to += 1
        beyond += more
      }
      slots[to] = pivot
      to += 1
      elementCount[i] = to - from
      for (const node of spare) {
        slots[to] = node
        to += 1
      }
      nodeCount[i] = spare.length
      const bound = Math.min(count - placed - 1, degree[i]! + size - 1, size - 1 + beyond)
      queue.remove(i, degree[i]!)
      degree[i] = Math.max(0, bound)
      queue.insert(i, degree[i]!)
    }
  }
  dense.sort((a, b) => start[a + 1]! - start[a]! - (start[b + 1]! - start[b]!) || a - b)
  for (const node of dense) {
    order[placed] = node
    placed += 1
  }
  return order
}

/** Nodes by degree, as linked lists. */
function createDegreeQueue(count: number) {
  const head = new Int32Array(count + 1).fill(-1)
  const next = new Int32Array(count).fill(-1)
  const previous = new Int32Array(count).fill(-1)
  let least = 0
  const remove = (node: number, degree: number): void => {
    const [before, after] = [previous[node]!, next[node]!]
    if (before >= 0) next[before] = after
    else head[degree] = after
    if (after >= 0) previous[after] = before
  }
  return {
    insert(node: number, degree: number): void {
      const after = head[degree]!
      next[node] = after
      previous[node] = -1
      if (after >= 0) previous[after] = node
      head[degree] = node
      if (degree < least) least = degree
    },
    remove,
    /** Takes a node of the least degree; −1 when there is none. */
    takeLeast(): number {
      while (least < count && head[least]! < 0) least += 1
      const node = least < count ? head[least]! : -1
      if (node >= 0) remove(node, least)
      return node
    },
  }
}
