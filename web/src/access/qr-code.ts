/** Codewords of data and of error correction in the blocks of each version at level M (ISO/IEC 18004:2015, table 9). */
const blocksByVersion: readonly { readonly correction: number; readonly data: readonly number[] }[] = [
  { correction: 10, data: [16] },
  { correction: 16, data: [28] },
  { correction: 26, data: [44] },
  { correction: 18, data: [32, 32] },
  { correction: 24, data: [43, 43] },
  { correction: 16, data: [27, 27, 27, 27] },
  { correction: 18, data: [31, 31, 31, 31] },
  { correction: 22, data: [38, 38, 39, 39] },
  { correction: 22, data: [36, 36, 36, 37, 37] },
  { correction: 26, data: [43, 43, 43, 43, 44] },
]

/** Middles of the alignment patterns by version (annex E). */
const alignment: readonly (readonly number[])[] = [
  [],
  [6, 18],
  [6, 22],
  [6, 26],
  [6, 30],
  [6, 34],
  [6, 22, 38],
  [6, 24, 42],
  [6, 26, 46],
  [6, 28, 50],
]

/** Powers of 2 in GF(256) with the polynomial 0x11d, and their logarithms. */
const powers = new Uint8Array(512)
const logarithms = new Uint8Array(256)
for (let exponent = 0, value = 1; exponent < 255; exponent += 1) {
  powers[exponent] = value
  powers[exponent + 255] = value
  logarithms[value] = exponent
  value = value & 0x80 ? (value << 1) ^ 0x11d : value << 1
}
const product = (a: number, b: number): number =>
  a === 0 || b === 0 ? 0 : (powers[(logarithms[a] ?? 0) + (logarithms[b] ?? 0)] ?? 0)

/** Codewords of error correction (Reed-Solomon) for a block of data. */
export function correctionOf(data: readonly number[], count: number): readonly number[] {
  let generator = [1]
  for (let k = 0; k < count; k += 1) {
    const root = powers[k] ?? 0
    generator = [...generator, 0].map((value, place) => value ^ product(generator[place - 1] ?? 0, root))
  }
  const rest = [...data, ...Array<number>(count).fill(0)]
  data.forEach((_, place) => {
    const lead = rest[place] ?? 0
    generator.forEach((value, k) => {
      rest[place + k] = (rest[place + k] ?? 0) ^ product(value, lead)
    })
  })
  return rest.slice(data.length)
}

/** The text as codewords in bytes mode, filled up; undefined where it does not fit. */
function dataOf(bytes: Uint8Array, version: number, room: number): readonly number[] | undefined {
  const bits: number[] = []
  const push = (value: number, width: number): void => {
    for (let bit = width - 1; bit >= 0; bit -= 1) bits.push((value >> bit) & 1)
  }
  push(0b0100, 4)
  push(bytes.length, version < 10 ? 8 : 16)
  for (const byte of bytes) push(byte, 8)
  if (bits.length > room * 8) return undefined
  push(0, Math.min(4, room * 8 - bits.length))
  while (bits.length % 8 !== 0) bits.push(0)
  const words = Array.from({ length: bits.length / 8 }, (_, k) =>
    bits.slice(8 * k, 8 * k + 8).reduce((value, bit) => 2 * value + bit, 0),
  )
  for (let k = 0; words.length < room; k += 1) words.push(k % 2 === 0 ? 0xec : 0x11)
  return words
}

/** Codewords of all blocks, interleaved as they are drawn. */
function interleaved(words: readonly number[], { correction, data }: (typeof blocksByVersion)[number]): number[] {
  let from = 0
  const blocks = data.map((length) => {
    const own = words.slice(from, from + length)
    from += length
    return { own, check: correctionOf(own, correction) }
  })
  const most = Math.max(...data)
  const drawn: number[] = []
  for (let k = 0; k < most; k += 1) for (const { own } of blocks) if (k < own.length) drawn.push(own[k] ?? 0)
  for (let k = 0; k < correction; k += 1) for (const { check } of blocks) drawn.push(check[k] ?? 0)
  return drawn
}

const masks: readonly ((row: number, column: number) => boolean)[] = [
  (row, column) => (row + column) % 2 === 0,
  (row) => row % 2 === 0,
  (_, column) => column % 3 === 0,
  (row, column) => (row + column) % 3 === 0,
  (row, column) => (Math.floor(row / 2) + Math.floor(column / 3)) % 2 === 0,
  (row, column) => ((row * column) % 2) + ((row * column) % 3) === 0,
  (row, column) => (((row * column) % 2) + ((row * column) % 3)) % 2 === 0,
  (row, column) => (((row + column) % 2) + ((row * column) % 3)) % 2 === 0,
]

/** A remainder of a binary polynomial behind its value: format and version information (annexes C and D). */
function withRemainder(value: number, polynomial: number, width: number): number {
  let rest = value << width
  const top = 31 - Math.clz32(polynomial)
  for (let bit = 31 - Math.clz32(rest || 1); bit >= top && rest !== 0; bit = 31 - Math.clz32(rest || 1)) {
    rest ^= polynomial << (bit - top)
  }
  return (value << width) | rest
}

/** Level M is 00. */
export const formatBits = (mask: number): number => withRemainder(mask, 0b10100110111, 10) ^ 0b101010000010010

type Square = (boolean | undefined)[][]

function drawFixed(version: number): Square {
  const size = 17 + 4 * version
  const square: Square = Array.from({ length: size }, () => Array<boolean | undefined>(size).fill(undefined))
  const set = (row: number, column: number, dark: boolean): void => {
    const line = square[row]
    if (line && column >= 0 && column < size) line[column] = dark
  }
  const rings = (row: number, column: number, reach: number, darkAt: (distance: number) => boolean): void => {
    for (let dr = -reach; dr <= reach; dr += 1) {
      for (let dc = -reach; dc <= reach; dc += 1) {
        set(row + dr, column + dc, darkAt(Math.max(Math.abs(dr), Math.abs(dc))))
      }
    }
  }
  for (let k = 0; k < size; k += 1) {
    set(6, k, k % 2 === 0)
    set(k, 6, k % 2 === 0)
  }
  for (const [row, column] of [
    [3, 3],
    [3, size - 4],
    [size - 4, 3],
  ] as const) {
    rings(row, column, 4, (distance) => distance !== 2 && distance !== 4)
  }
  const middles = alignment[version - 1] ?? []
  const last = middles.at(-1)
  for (const row of middles) {
    for (const column of middles) {
      const atFinder = (row === 6 && column === 6) || (row === 6 && column === last) || (row === last && column === 6)
      if (!atFinder) rings(row, column, 2, (distance) => distance !== 1)
    }
  }
  if (version >= 7) {
    const bits = withRemainder(version, 0b1111100100101, 12)
    for (let k = 0; k < 18; k += 1) {
      const dark = ((bits >> k) & 1) === 1
      set(Math.floor(k / 3), size - 11 + (k % 3), dark)
      set(size - 11 + (k % 3), Math.floor(k / 3), dark)
    }
  }
  drawFormat(square, 0)
  return square
}

function drawFormat(square: Square, mask: number): void {
  const size = square.length
  const bits = formatBits(mask)
  const set = (row: number, column: number, k: number): void => {
    const line = square[row]
    if (line) line[column] = ((bits >> k) & 1) === 1
  }
  for (let k = 0; k < 15; k += 1) {
    const down = k < 6 ? k : k < 8 ? k + 1 : size - 15 + k
    const across = k < 8 ? size - 1 - k : k === 8 ? 7 : 14 - k
    set(down, 8, k)
    set(8, across, k)
  }
  const line = square[size - 8]
  if (line) line[8] = true
}

/** Lays the bits in two columns at a time, from the right, up and down in turn, over what is not fixed. */
function drawWords(square: Square, words: readonly number[]): readonly (readonly [number, number])[] {
  const size = square.length
  const free: [number, number][] = []
  let up = true
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right = 5
    for (let k = 0; k < size; k += 1) {
      const row = up ? size - 1 - k : k
      for (const column of [right, right - 1]) if (square[row]?.[column] === undefined) free.push([row, column])
    }
    up = !up
  }
  free.forEach(([row, column], k) => {
    const line = square[row]
    if (line) line[column] = (((words[k >> 3] ?? 0) >> (7 - (k & 7))) & 1) === 1
  })
  return free
}

/** How hard a picture is to read (7.8.3.1): runs, blocks, patterns like a finder, too much of one colour. */
function penaltyOf(square: readonly (readonly boolean[])[]): number {
  const size = square.length
  const at = (row: number, column: number): boolean => square[row]?.[column] ?? false
  let penalty = 0
  let dark = 0
  for (const turned of [false, true]) {
    for (let row = 0; row < size; row += 1) {
      const line = Array.from({ length: size }, (_, column) => (turned ? at(column, row) : at(row, column)))
      let run = 1
      for (let column = 1; column <= size; column += 1) {
        if (column < size && line[column] === line[column - 1]) run += 1
        else {
          if (run >= 5) penalty += run - 2
          run = 1
        }
      }
      const text = line.map(Number).join('')
      for (const pattern of ['10111010000', '00001011101']) {
        for (let from = text.indexOf(pattern); from >= 0; from = text.indexOf(pattern, from + 1)) penalty += 40
      }
    }
  }
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      const own = at(row, column)
      if (own) dark += 1
      if (row < size - 1 && column < size - 1) {
        if (own === at(row, column + 1) && own === at(row + 1, column) && own === at(row + 1, column + 1)) penalty += 3
      }
    }
  }
  return penalty + 10 * Math.floor(Math.abs((20 * dark) / size ** 2 - 10))
}

/**
 * A QR code (ISO/IEC 18004:2015, bytes, level M) of a text of up to 213 bytes.
 *
 * @returns rows of modules, true for dark; undefined where the text is too long
 */
export function qrCode(text: string): readonly (readonly boolean[])[] | undefined {
  const bytes = new TextEncoder().encode(text)
  for (const [index, blocks] of blocksByVersion.entries()) {
    const version = index + 1
    const words = dataOf(
      bytes,
      version,
      blocks.data.reduce((sum, length) => sum + length, 0),
    )
    if (!words) continue
    const square = drawFixed(version)
    const free = drawWords(square, interleaved(words, blocks))
    const pictures = masks.map((isTurned, mask) => {
      const own = square.map((row) => row.map((dark) => dark ?? false))
      for (const [row, column] of free) {
        const line = own[row]
        if (line && isTurned(row, column)) line[column] = !line[column]
      }
      drawFormat(own, mask)
      return { own, penalty: penaltyOf(own) }
    })
    return pictures.reduce((best, next) => (next.penalty < best.penalty ? next : best)).own
  }
  return undefined
}
