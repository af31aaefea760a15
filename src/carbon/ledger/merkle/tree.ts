import { emptyRoot, hashBytes, leafHash, nodeHash } from './hash.ts'

/**
 * The hashes of a log as a Merkle tree of RFC 9162, section 2.1. It keeps the hash of each complete subtree, 64 bytes an entry,
 * so that the root of any earlier size and every proof take some twenty look-ups.
 */
export interface MerkleTree {
  readonly size: number
  /** Appends the entry whose bytes these are, and returns the hash of its leaf. */
  append(entry: Uint8Array): Buffer
  /** Hash of the leaf of an entry. */
  leaf(index: number): Buffer
  /** Root of the first `size` entries; default: all. */
  root(size?: number): Buffer
  /** Hashes that lead from entry `index` to the root of the first `size` entries (section 2.1.3.1). */
  inclusion(index: number, size?: number): readonly Buffer[]
  /** Hashes that show that the first `first` entries are the beginning of the first `size` (section 2.1.4.1). */
  consistency(first: number, size?: number): readonly Buffer[]
}

export function createMerkleTree(): MerkleTree {
  /** By level: hashes of the subtrees of 2^level leaves, one after another. */
  const levels: { bytes: Buffer; count: number }[] = []
  const push = (level: number, hash: Uint8Array): number => {
    levels[level] ??= { bytes: Buffer.allocUnsafe(64 * hashBytes), count: 0 }
    const at = levels[level]
    if ((at.count + 1) * hashBytes > at.bytes.length) {
      at.bytes = Buffer.concat([at.bytes, Buffer.allocUnsafe(at.bytes.length)])
    }
    at.bytes.set(hash, at.count * hashBytes)
    at.count += 1
    return at.count
  }
  const kept = (level: number, index: number): Buffer => {
    const { bytes } = levels[level]!
    return bytes.subarray(index * hashBytes, (index + 1) * hashBytes)
  }
  const size = (): number => levels[0]?.count ?? 0
  /** MTH of the entries from `begin` to `end`, exclusive; `begin` is where a subtree of that size begins. */
  const range = (begin: number, end: number): Buffer => {
    const count = end - begin
    const level = Math.log2(count)
    if (Number.isInteger(level)) return kept(level, begin / count)
    const middle = begin + largestPowerBelow(count)
    return nodeHash(range(begin, middle), range(middle, end))
  }
  const checkSize = (upTo: number): number => {
    if (Number.isInteger(upTo) && upTo >= 0 && upTo <= size()) return upTo
    throw new RangeError(`The tree has ${size()} entries, not ${upTo}`)
  }

  return {
    get size() {
      return size()
    },
    append(entry) {
      const leaf = leafHash(entry)
      let hash = leaf
      for (let level = 0; push(level, hash) % 2 === 0; level += 1) {
        const { count } = levels[level]!
        hash = nodeHash(kept(level, count - 2), kept(level, count - 1))
      }
      return leaf
    },
    leaf: (index) => Buffer.from(kept(0, index)),
    root(upTo = size()) {
      return checkSize(upTo) === 0 ? emptyRoot : Buffer.from(range(0, upTo))
    },
    inclusion(index, upTo = size()) {
      checkSize(upTo)
      if (!Number.isInteger(index) || index < 0 || index >= upTo) throw new RangeError(`No entry ${index} of ${upTo}`)
      const path: Buffer[] = []
      let [begin, end] = [0, upTo]
      while (end - begin > 1) {
        const middle = begin + largestPowerBelow(end - begin)
        if (index < middle) {
          path.push(Buffer.from(range(middle, end)))
          end = middle
        } else {
          path.push(Buffer.from(range(begin, middle)))
          begin = middle
        }
      }
      return path.reverse()
    },
    consistency(first, upTo = size()) {
      checkSize(upTo)
      if (!Number.isInteger(first) || first < 0 || first > upTo) throw new RangeError(`No size ${first} of ${upTo}`)
      if (first === 0 || first === upTo) return []
      const path: Buffer[] = []
      let [begin, end] = [0, upTo]
      /** Whether the subtree is the whole of the first tree, whose root the verifier has. */
      let whole = true
      while (first < end) {
        const middle = begin + largestPowerBelow(end - begin)
        if (first <= middle) {
          path.push(Buffer.from(range(middle, end)))
          end = middle
        } else {
          path.push(Buffer.from(range(begin, middle)))
          begin = middle
          whole = false
        }
      }
      if (!whole) path.push(Buffer.from(range(begin, end)))
      return path.reverse()
    },
  }
}

/** The largest power of two smaller than `count`, which is at least 2. */
const largestPowerBelow = (count: number): number => 2 ** Math.floor(Math.log2(count - 1))
