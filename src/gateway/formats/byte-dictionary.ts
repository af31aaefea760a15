/** Steps along a chain of equal slots before a key goes to the map: keys may be made to collide. */
const longestProbe = 24

/** Numbers different stretches of bytes, in order of their first appearance. */
export interface ByteDictionary {
  /**
   * Number of the bytes `start` to `end` (exclusive): that of the same bytes seen before, else the next one.
   * A stretch is compared in full. -1 for a new one when there are `most` already.
   */
  idOf(bytes: Buffer, start: number, end: number, most: number): number
  readonly size: number
}

/**
 * A hash table of open addressing that keeps the bytes of its keys. Keys that collide too often, by chance or by
 * malice, are kept in a map whose hash nobody knows.
 */
export function createByteDictionary(): ByteDictionary {
  /** The keys, one after the other. */
  let kept = Buffer.allocUnsafe(4096)
  let used = 0
  let mask = 255
  /** Number + 1 of the key in a slot; 0: empty. */
  let slots = new Int32Array(mask + 1)
  let starts = new Int32Array(128)
  let ends = new Int32Array(128)
  let hashes = new Int32Array(128)
  let size = 0
  let last = -1
  const collided = new Map<string, number>()

  const same = (id: number, bytes: Buffer, start: number, end: number): boolean => {
    const from = starts[id]!
    const length = end - start
    if (ends[id]! - from !== length) return false
    for (let index = 0; index < length; index += 1) if (kept[from + index] !== bytes[start + index]) return false
    return true
  }
  const add = (bytes: Buffer, start: number, end: number, hash: number): number => {
    if (size === starts.length) {
      starts = larger(starts)
      ends = larger(ends)
      hashes = larger(hashes)
    }
    if (used + end - start > kept.length) kept = longer(kept, used + end - start)
    bytes.copy(kept, used, start, end)
    starts[size] = used
    used += end - start
    ends[size] = used
    hashes[size] = hash
    size += 1
    return size - 1
  }
  const rebuild = (): void => {
    mask = 2 * mask + 1
    slots = new Int32Array(mask + 1)
    for (let id = 0; id < size; id += 1) {
      let slot = hashes[id]! & mask
      let probe = 0
      while (slots[slot] !== 0 && probe < longestProbe) {
        slot = (slot + 1) & mask
        probe += 1
      }
      if (probe < longestProbe) slots[slot] = id + 1
      else collided.set(kept.toString('latin1', starts[id], ends[id]), id)
    }
  }

  return {
    get size() {
      return size
    },
    idOf(bytes, start, end, most) {
      if (last >= 0 && same(last, bytes, start, end)) return last
      const hash = hashOf(bytes, start, end)
      let slot = hash & mask
      for (let probe = 0; probe < longestProbe; probe += 1) {
        const id = slots[slot]! - 1
        if (id < 0) {
          if (size >= most) return -1
          last = add(bytes, start, end, hash)
          slots[slot] = last + 1
          if (2 * size > mask) rebuild()
          return last
        }
        if (hashes[id] === hash && same(id, bytes, start, end)) {
          last = id
          return id
        }
        slot = (slot + 1) & mask
      }
      const key = bytes.toString('latin1', start, end)
      const found = collided.get(key)
      if (found === undefined && size >= most) return -1
      last = found ?? add(bytes, start, end, hash)
      if (found === undefined) collided.set(key, last)
      return last
    },
  }
}

function larger(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(2 * array.length)
  grown.set(array)
  return grown
}

function longer(kept: Buffer<ArrayBuffer>, needed: number): Buffer<ArrayBuffer> {
  const grown = Buffer.allocUnsafe(Math.max(2 * kept.length, needed))
  kept.copy(grown)
  return grown
}

/**
 * FNV-1a (Fowler, Noll, Vo) of 32 bits by words of four bytes, of which a long key has a quarter as many, with the high
 * bits of each step mixed into the low ones.
 */
function hashOf(bytes: Buffer, start: number, end: number): number {
  let hash = 0x811c9dc5
  let at = start
  for (; at + 4 <= end; at += 4) {
    const word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
    hash = Math.imul(hash ^ word, 0x01000193)
    hash ^= hash >>> 15
  }
  for (; at < end; at += 1) hash = Math.imul(hash ^ bytes[at]!, 0x01000193)
  return hash ^ (hash >>> 15)
}
