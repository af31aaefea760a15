/** Zeros that have to stand after packed numbers, as they are read four bytes at a time. */
export const paddingBytes = 8

/** Bits that one read of four bytes holds wherever it begins. */
const windowBits = 25

/** A number of some bits, the least first. Up to 53 of them are exact. */
export function bitsAt(bytes: Uint8Array, bit: number, width: number): number {
  if (width <= windowBits) {
    const at = bit >>> 3
    const four = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
    return (four >>> (bit & 7)) & ((1 << width) - 1)
  }
  return bitsAt(bytes, bit, 24) + bitsAt(bytes, bit + 24, width - 24) * 2 ** 24
}

/** A variable-length number and the place after it. */
function varint(bytes: Uint8Array, from: number): readonly [value: number, after: number] {
  let value = 0
  let at = from
  for (let factor = 1; ; factor *= 128) {
    const next = bytes[at]
    if (next === undefined) throw new RangeError('the page ends too early')
    at += 1
    value += (next & 127) * factor
    if (next < 128) return [value, at]
  }
}

function zigzag(bytes: Uint8Array, from: number): readonly [value: number, after: number] {
  const [value, after] = varint(bytes, from)
  return [value % 2 === 0 ? value / 2 : -(value + 1) / 2, after]
}

/**
 * Numbers `from` to `to` of a list of runs: a number that repeats, or numbers packed in groups of eight (RLE, bit-packing
 * hybrid).
 *
 * @param width bits of a number
 * @see https://parquet.apache.org/docs/file-format/data-pages/encodings/
 */
export function readRuns(
  bytes: Uint8Array,
  start: number,
  { width, from, to }: { readonly width: number; readonly from: number; readonly to: number },
): Uint32Array {
  const numbers = new Uint32Array(to - from)
  let at = start
  for (let row = 0; row < to; ) {
    const [head, after] = varint(bytes, at)
    const count = head & 1 ? (head >>> 1) * 8 : head >>> 1
    const first = Math.max(row, from)
    const last = Math.min(row + count, to)
    if (head & 1) {
      for (let index = first; index < last; index += 1) {
        numbers[index - from] = bitsAt(bytes, after * 8 + (index - row) * width, width)
      }
      at = after + (count / 8) * width
    } else {
      const wide = (width + 7) >>> 3
      if (last > first) numbers.fill(bitsAt(bytes, after * 8, wide * 8), first - from, last - from)
      at = after + wide
    }
    if (count === 0) throw new RangeError('a run without numbers')
    row += count
  }
  return numbers
}

/** Whether a list of runs, of one bit a number, begins with one run of so many ones. */
export function repeatsOne(bytes: Uint8Array, start: number, count: number): boolean {
  const [head, after] = varint(bytes, start)
  return (head & 1) === 0 && head >>> 1 >= count && bytes[after] === 1
}

/**
 * Numbers `from` to `to` of a list of differences, packed in blocks (DELTA_BINARY_PACKED). What is beyond 53 bits is not told
 * exactly.
 *
 * @see https://parquet.apache.org/docs/file-format/data-pages/encodings/
 */
export function readDeltas(bytes: Uint8Array, start: number, from: number, to: number): Float64Array {
  const numbers = new Float64Array(to - from)
  const [blockSize, afterSize] = varint(bytes, start)
  const [parts, afterParts] = varint(bytes, afterSize)
  const [, afterTotal] = varint(bytes, afterParts)
  const [first, afterFirst] = zigzag(bytes, afterTotal)
  const partSize = blockSize / parts
  let at = afterFirst
  let value = first
  if (from === 0 && to > 0) numbers[0] = value
  for (let row = 1; row < to; ) {
    const [least, widths] = zigzag(bytes, at)
    at = widths + parts
    for (let part = 0; part < parts && row < to; part += 1) {
      const width = bytes[widths + part]!
      const end = Math.min(partSize, to - row)
      for (let index = 0; index < end; index += 1, row += 1) {
        value += least + (width === 0 ? 0 : bitsAt(bytes, at * 8 + index * width, width))
        if (row >= from) numbers[row - from] = value
      }
      at += (partSize * width) / 8
    }
  }
  return numbers
}
