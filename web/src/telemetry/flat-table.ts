/**
 * A table of the FlatBuffers format: a place in the bytes from where its fields are found by number.
 *
 * @see https://flatbuffers.dev/internals/
 */
export interface FlatTable {
  /** Place of a field; 0 where it stands at its default. */
  field(number: number): number
}

export const tableAt = (view: DataView, place: number): FlatTable => {
  const fields = place - view.getInt32(place, true)
  const size = view.getUint16(fields, true)
  return {
    field(number) {
      const slot = 4 + 2 * number
      const offset = slot < size ? view.getUint16(fields + slot, true) : 0
      return offset === 0 ? 0 : place + offset
    },
  }
}

/** Where a reference leads: a table, a text, a list. */
export const follow = (view: DataView, place: number): number => place + view.getUint32(place, true)

/** 64-bit integers of a format whose files stay below 2^53 bytes. */
export const longAt = (view: DataView, place: number): number =>
  view.getUint32(place, true) + view.getInt32(place + 4, true) * 2 ** 32

const decoder = new TextDecoder()

export function textAt(view: DataView, place: number): string {
  const length = view.getUint32(place, true)
  return decoder.decode(new Uint8Array(view.buffer, view.byteOffset + place + 4, length))
}
