/** Nodes by their distance, the nearest first: a binary heap in typed arrays, in which each node stands once. */
export interface NodeHeap {
  readonly size: number
  /** Puts a node in, or brings it forward where it is there already. */
  put(node: number, distance: number): void
  /** Takes the nearest out; −1 of an empty heap. */
  take(): number
}

/** @param capacity nodes are whole numbers from 0 up to it */
export function createNodeHeap(capacity: number): NodeHeap {
  const heap = new Int32Array(capacity)
  const place = new Int32Array(capacity).fill(-1)
  const key = new Float64Array(capacity)
  let size = 0
  const set = (at: number, node: number): void => {
    heap[at] = node
    place[node] = at
  }
  const rise = (start: number, node: number): void => {
    let at = start
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (key[heap[parent]!]! <= key[node]!) break
      set(at, heap[parent]!)
      at = parent
    }
    set(at, node)
  }
  const sink = (node: number): void => {
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= size) break
      if (child + 1 < size && key[heap[child + 1]!]! < key[heap[child]!]!) child += 1
      if (key[heap[child]!]! >= key[node]!) break
      set(at, heap[child]!)
      at = child
    }
    set(at, node)
  }
  return {
    get size() {
      return size
    },
    put(node, distance) {
      key[node] = distance
      if (place[node]! < 0) {
        size += 1
        rise(size - 1, node)
      } else rise(place[node]!, node)
    },
    take() {
      if (size === 0) return -1
      const first = heap[0]!
      place[first] = -1
      size -= 1
      if (size > 0) sink(heap[size]!)
      return first
    },
  }
}
