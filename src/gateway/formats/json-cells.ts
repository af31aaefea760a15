import { byte } from './byte-text.ts'
import { rowFields } from './json-row.ts'
import type { Stretches } from './row-names.ts'

/** Index of each field of a row in {@link JsonCells}. */
export const rowField = {
  point: 0,
  time: 1,
  timestampMs: 2,
  value: 3,
  unit: 4,
  quality: 5,
  source: 6,
  site: 7,
} as const

export const jsonKind = { none: 0, text: 1, number: 2, true: 3, false: 4, null: 5 } as const

/** Where the fields of one flat object stand. Texts are without their quotes and have no escapes. */
export interface JsonCells extends Stretches {
  readonly kinds: Uint8Array
  /** Fields in the order of the last row. */
  readonly order: Uint8Array
}

export const openJsonCells = (): JsonCells => ({
  starts: new Int32Array(rowFields.length),
  ends: new Int32Array(rowFields.length),
  kinds: new Uint8Array(rowFields.length),
  order: new Uint8Array(rowFields.length),
})

const keys = rowFields.map((name) => new TextEncoder().encode(name))

const isBlank = (code: number): boolean => code === byte.space || code === byte.tab || code === byte.carriageReturn

const isKey = (bytes: Buffer, start: number, end: number, key: Uint8Array): boolean => {
  if (key.length !== end - start) return false
  for (let index = 0; index < key.length; index += 1) if (key[index] !== bytes[start + index]) return false
  return true
}

/** Field that the bytes `start` to `end` name, or -1. */
function fieldOf(bytes: Buffer, start: number, end: number): number {
  for (let field = 0; field < keys.length; field += 1) if (isKey(bytes, start, end, keys[field]!)) return field
  return -1
}

/** End of a text without escapes that begins at `at`, after its quote; -1 where it has escapes or does not end. */
function textEnd(bytes: Buffer, at: number): number {
  for (let index = at; index < bytes.length; index += 1) {
    const code = bytes[index]!
    if (code === byte.quote) return index
    if (code === byte.backslash || code < byte.space) return -1
  }
  return -1
}

function afterBlanks(bytes: Buffer, start: number): number {
  let at = start
  while (at < bytes.length && isBlank(bytes[at]!)) at += 1
  return at
}

/**
 * Finds the fields of one flat object of known fields that begins at `start`. Returns where its line ends, and -1 for
 * any other line.
 */
export function scanJsonRow(bytes: Buffer, start: number, cells: JsonCells): number {
  const { starts, ends, kinds, order } = cells
  const { length } = bytes
  for (let field = 0; field < kinds.length; field += 1) {
    kinds[field] = jsonKind.none
    starts[field] = 0
    ends[field] = 0
  }
  let at = afterBlanks(bytes, start)
  if (at >= length || bytes[at] !== 0x7b) return -1
  for (let position = 0; position < order.length; position += 1) {
    at = afterBlanks(bytes, at + 1)
    if (at >= length || bytes[at] !== byte.quote) return -1
    const keyEnd = textEnd(bytes, at + 1)
    if (keyEnd < 0) return -1
    // Lines of one writer have their fields in one order.
    let field = order[position]!
    if (!isKey(bytes, at + 1, keyEnd, keys[field]!)) {
      field = fieldOf(bytes, at + 1, keyEnd)
      if (field < 0) return -1
      order[position] = field
    }
    at = afterBlanks(bytes, keyEnd + 1)
    if (at >= length || bytes[at] !== byte.colon) return -1
    at = afterBlanks(bytes, at + 1)
    if (at >= length) return -1
    if (bytes[at] === byte.quote) {
      const last = textEnd(bytes, at + 1)
      if (last < 0) return -1
      starts[field] = at + 1
      ends[field] = last
      kinds[field] = jsonKind.text
      at = last + 1
    } else {
      const first = at
      while (at < length && bytes[at]! > byte.space && bytes[at] !== byte.comma && bytes[at] !== 0x7d) at += 1
      const kind = kindOf(bytes, first, at)
      if (kind === jsonKind.none) return -1
      starts[field] = first
      ends[field] = kind === jsonKind.number ? at : first
      kinds[field] = kind
    }
    at = afterBlanks(bytes, at)
    if (at >= length) return -1
    if (bytes[at] === byte.comma) continue
    if (bytes[at] !== 0x7d) return -1
    at = afterBlanks(bytes, at + 1)
    return at >= length || bytes[at] === byte.lineFeed ? at : -1
  }
  return -1
}

const words: readonly (readonly [Uint8Array, number])[] = [
  [new TextEncoder().encode('true'), jsonKind.true],
  [new TextEncoder().encode('false'), jsonKind.false],
  [new TextEncoder().encode('null'), jsonKind.null],
]

function kindOf(bytes: Buffer, start: number, end: number): number {
  const first = bytes[start]!
  if (start === end) return jsonKind.none
  if (first === byte.minus || (first >= byte.zero && first <= byte.nine)) return jsonKind.number
  for (const [word, kind] of words) {
    if (word.length === end - start && word.every((code, index) => code === bytes[start + index])) return kind
  }
  return jsonKind.none
}
