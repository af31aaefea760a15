import { nodeHash } from './hash.ts'

/** What is to be shown of an entry: that it is entry `index` of the log of `size` entries with this root. */
export interface InclusionClaim {
  readonly index: number
  readonly size: number
  readonly leaf: Uint8Array
  readonly root: Uint8Array
}

/** Whether a path leads from the leaf to the root. RFC 9162, section 2.1.3.2. */
export function verifyInclusion({ index, size, leaf, root }: InclusionClaim, path: readonly Uint8Array[]): boolean {
  if (!Number.isInteger(index) || index < 0 || index >= size) return false
  let [node, last] = [index, size - 1]
  let hash = leaf
  for (const other of path) {
    if (last === 0) return false
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(other, hash)
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)]
    } else {
      hash = nodeHash(hash, other)
    }
    ;[node, last] = [half(node), half(last)]
  }
  return last === 0 && same(hash, root)
}

/** What is to be shown of two sizes: that the log of the second goes on where that of the first ended. */
export interface ConsistencyClaim {
  readonly first: number
  readonly second: number
  readonly firstRoot: Uint8Array
  readonly secondRoot: Uint8Array
}

/** Whether a path shows that nothing of the first log was changed in the second. RFC 9162, section 2.1.4.2. */
export function verifyConsistency(
  { first, second, firstRoot, secondRoot }: ConsistencyClaim,
  path: readonly Uint8Array[],
): boolean {
  if (first === second) return path.length === 0 && same(firstRoot, secondRoot)
  if (!Number.isInteger(first) || first > second || first < 0) return false
  // Every log goes on from the empty one.
  if (first === 0) return path.length === 0
  const whole = Number.isInteger(Math.log2(first))
  const [start, ...rest] = whole ? [firstRoot, ...path] : path
  if (!start) return false
  let [node, last] = [first - 1, second - 1]
  while (node % 2 === 1) [node, last] = [half(node), half(last)]
  let [before, after] = [start, start]
  for (const other of rest) {
    if (last === 0) return false
    if (node % 2 === 1 || node === last) {
      before = nodeHash(other, before)
      after = nodeHash(other, after)
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)]
    } else {
      after = nodeHash(after, other)
    }
    ;[node, last] = [half(node), half(last)]
  }
  return last === 0 && same(before, firstRoot) && same(after, secondRoot)
}

const half = (value: number): number => Math.floor(value / 2)
const same = (one: Uint8Array, other: Uint8Array): boolean => Buffer.compare(one, other) === 0
