import { minimumDegreeOrder } from './minimum-degree.ts'

/**
 * The upper triangle of a symmetric matrix by columns, without the diagonal: column `k` holds rows `< k`. Its diagonal is
 * given apart.
 */
interface Upper {
  readonly start: Int32Array
  readonly row: Int32Array
  /** Where in the caller's values each entry stands. */
  readonly from: Int32Array
}

/** A factorisation K = L·D·Lᵀ in a permuted order, made anew for each set of values of one pattern. */
export interface Factorisation {
  /** Entries of L below its diagonal. */
  readonly fill: number
  /**
   * Factors the matrix with these off-diagonal values (in the order of the pattern) and this diagonal. A pivot that is not
   * safely of the sign that it must have is replaced by one that is.
   *
   * @returns how many pivots were replaced
   */
  factor(values: Float64Array, diagonal: Float64Array): number
  /** Solves K·x = b in place. */
  solve(b: Float64Array): void
}

export interface Pattern {
  readonly count: number
  /** Off-diagonal entries, each pair once. */
  readonly first: Int32Array
  readonly second: Int32Array
  /** +1 or −1: the sign of each pivot of a quasidefinite matrix. */
  readonly signs: Int8Array
}

/** Pivots smaller than this are not trusted. */
const leastPivot = 1e-13

/**
 * Prepares sparse LDLᵀ of symmetric quasidefinite matrices (Vanderbei 1995: any order has a factorisation), row by row after
 * Davis 2005, ACM TOMS 31(4), algorithm 849: the pattern of each row of L is the reach in the elimination tree.
 */
export function prepareFactorisation({ count, first, second, signs }: Pattern): Factorisation {
  const order = minimumDegreeOrder(graphOf(count, first, second))
  const place = new Int32Array(count)
  order.forEach((node, at) => {
    place[node] = at
  })
  const upper = upperTriangle(count, first, second, place)
  const { parent, start, fill } = symbolic(count, upper)
  const rows = new Int32Array(fill)
  const lower = new Float64Array(fill)
  const pivot = new Float64Array(count)
  const inverse = new Float64Array(count)
  const permutedSign = Float64Array.from(order, (node) => signs[node]!)
  const filled = new Int32Array(count)
  const work = new Float64Array(count)
  const path = new Int32Array(count)
  const reach = new Int32Array(count)
  const seen = new Int32Array(count)

  return {
    fill,
    factor(values, diagonal) {
      let replaced = 0
      filled.fill(0)
      seen.fill(-1)
      for (let k = 0; k < count; k += 1) {
        seen[k] = k
        let top = count
        for (let at = upper.start[k]!; at < upper.start[k + 1]!; at += 1) {
          let i = upper.row[at]!
          work[i]! += values[upper.from[at]!]!
          let length = 0
          while (seen[i] !== k) {
            path[length] = i
            length += 1
            seen[i] = k
            i = parent[i]!
          }
          while (length > 0) {
            length -= 1
            top -= 1
            reach[top] = path[length]!
          }
        }
        let d = diagonal[order[k]!]!
        for (; top < count; top += 1) {
          const i = reach[top]!
          const y = work[i]!
          work[i] = 0
          const from = start[i]!
          const to = from + filled[i]!
          for (let at = from; at < to; at += 1) work[rows[at]!]! -= lower[at]! * y
          const l = y * inverse[i]!
          d -= l * y
          rows[to] = k
          lower[to] = l
          filled[i]! += 1
        }
        if (!(d * permutedSign[k]! > leastPivot)) {
          // As good as infinite: the unknown stays where it is.
          d = permutedSign[k]! * 1e20
          replaced += 1
        }
        pivot[k] = d
        inverse[k] = 1 / d
      }
      return replaced
    },
    solve(b) {
      for (let k = 0; k < count; k += 1) work[k] = b[order[k]!]!
      for (let k = 0; k < count; k += 1) {
        const x = work[k]!
        if (x === 0) continue
        for (let at = start[k]!; at < start[k]! + filled[k]!; at += 1) work[rows[at]!]! -= lower[at]! * x
      }
      for (let k = 0; k < count; k += 1) work[k]! *= inverse[k]!
      for (let k = count - 1; k >= 0; k -= 1) {
        let x = work[k]!
        for (let at = start[k]!; at < start[k]! + filled[k]!; at += 1) x -= lower[at]! * work[rows[at]!]!
        work[k] = x
      }
      for (let k = 0; k < count; k += 1) {
        b[order[k]!] = work[k]!
        work[k] = 0
      }
    },
  }
}

function graphOf(count: number, first: Int32Array, second: Int32Array) {
  const start = new Int32Array(count + 1)
  for (let at = 0; at < first.length; at += 1) {
    start[first[at]! + 1]! += 1
    start[second[at]! + 1]! += 1
  }
  for (let i = 0; i < count; i += 1) start[i + 1]! += start[i]!
  const next = start.slice(0, count)
  const neighbours = new Int32Array(2 * first.length)
  for (let at = 0; at < first.length; at += 1) {
    const [a, b] = [first[at]!, second[at]!]
    neighbours[next[a]!++] = b
    neighbours[next[b]!++] = a
  }
  return { count, start, neighbours }
}

function upperTriangle(count: number, first: Int32Array, second: Int32Array, place: Int32Array): Upper {
  const start = new Int32Array(count + 1)
  for (let at = 0; at < first.length; at += 1) start[Math.max(place[first[at]!]!, place[second[at]!]!) + 1]! += 1
  for (let k = 0; k < count; k += 1) start[k + 1]! += start[k]!
  const next = start.slice(0, count)
  const row = new Int32Array(first.length)
  const from = new Int32Array(first.length)
  for (let at = 0; at < first.length; at += 1) {
    const [a, b] = [place[first[at]!]!, place[second[at]!]!]
    const slot = next[Math.max(a, b)]!++
    row[slot] = Math.min(a, b)
    from[slot] = at
  }
  return { start, row, from }
}

/** The elimination tree, and where each column of L starts. */
function symbolic(count: number, upper: Upper) {
  const parent = new Int32Array(count).fill(-1)
  const entries = new Int32Array(count)
  const seen = new Int32Array(count).fill(-1)
  for (let k = 0; k < count; k += 1) {
    seen[k] = k
    for (let at = upper.start[k]!; at < upper.start[k + 1]!; at += 1) {
      for (let i = upper.row[at]!; seen[i] !== k; i = parent[i]!) {
        if (parent[i]! < 0) parent[i] = k
        entries[i]! += 1
        seen[i] = k
      }
    }
  }
  const start = new Int32Array(count + 1)
  for (let k = 0; k < count; k += 1) start[k + 1] = start[k]! + entries[k]!
  return { parent, start, fill: start[count]! }
}
