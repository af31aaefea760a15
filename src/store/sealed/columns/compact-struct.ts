/** What the compact protocol of Thrift carries; a struct holds its fields at their numbers. */
export type CompactValue = number | boolean | Uint8Array | readonly CompactValue[] | undefined

export interface CompactStruct {
  readonly fields: readonly CompactValue[]
  /** First byte after the struct. */
  readonly end: number
}

const stop = 0
const [yes, no, byte, int16, int32, int64, double, binary, list, set, , struct] = [
  1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
]

/**
 * Reads one struct of the compact protocol of Thrift, in which Parquet writes its footers and the heads of its pages.
 *
 * @throws RangeError where the bytes are none
 * @see https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 */
export function readCompactStruct(bytes: Uint8Array, from: number): CompactStruct {
  const place = { at: from }
  const fields = structAt(bytes, place)
  return { fields, end: place.at }
}

interface Place {
  at: number
}

function structAt(bytes: Uint8Array, place: Place): readonly CompactValue[] {
  const fields: CompactValue[] = []
  for (let id = 0; ; ) {
    const head = byteAt(bytes, place)
    if (head === stop) return fields
    const type = head & 15
    id = head >> 4 === 0 ? zigzagAt(bytes, place) : id + (head >> 4)
    fields[id] = type === yes ? true : type === no ? false : valueAt(bytes, place, type)
  }
}

function valueAt(bytes: Uint8Array, place: Place, type: number): CompactValue {
  switch (type) {
    case yes:
    case no:
      // Within a list; as a field it stands in the head.
      return byteAt(bytes, place) === yes
    case byte:
      return (byteAt(bytes, place) << 24) >> 24
    case int16:
    case int32:
    case int64:
      return zigzagAt(bytes, place)
    case double: {
      const view = new DataView(bytes.buffer, bytes.byteOffset + place.at, 8)
      place.at += 8
      return view.getFloat64(0, true)
    }
    case binary: {
      const length = varintAt(bytes, place)
      place.at += length
      return bytes.subarray(place.at - length, place.at)
    }
    case list:
    case set: {
      const head = byteAt(bytes, place)
      const count = head >> 4 === 15 ? varintAt(bytes, place) : head >> 4
      const values: CompactValue[] = []
      for (let index = 0; index < count; index += 1) values.push(valueAt(bytes, place, head & 15))
      return values
    }
    case struct:
      return structAt(bytes, place)
    default:
      throw new RangeError(`type ${type} is not of the compact protocol`)
  }
}

function byteAt(bytes: Uint8Array, place: Place): number {
  const value = bytes[place.at]
  if (value === undefined) throw new RangeError('the struct ends too early')
  place.at += 1
  return value
}

function varintAt(bytes: Uint8Array, place: Place): number {
  let value = 0
  for (let factor = 1; ; factor *= 128) {
    const next = byteAt(bytes, place)
    value += (next & 127) * factor
    if (next < 128) return value
  }
}

function zigzagAt(bytes: Uint8Array, place: Place): number {
  const value = varintAt(bytes, place)
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2
}
