import type { Rows } from '../observations/rows.ts'
import { float8, int2, int4, int8 } from './binary-columns.ts'

/** The columns of {@link binaryRows}, in their order. */
export const binaryColumns = 'site_id, point, event_ms, source, value, quality, received_ms'

const types = [int4, int4, int8, int2, float8, int2, int8] as const
/** How many fields, then each with its length. */
const rowBytes = 2 + types.reduce((sum, { bytes }) => sum + 4 + bytes, 0)
/** Signature, flags and length of the extension (PostgreSQL, "COPY", binary format). */
const header = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')

/** Rows as `COPY … (FORMAT binary)` reads them. @param sites of each row */
export function binaryRows(rows: Rows, sites: Int32Array): Buffer {
  const columns = [sites, rows.point, rows.eventMs, rows.source, rows.value, rows.quality, rows.receivedMs] as const
  const buffer = Buffer.allocUnsafe(header.length + rows.count * rowBytes + 2)
  header.copy(buffer)
  const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength)
  let first = header.length
  for (let row = 0; row < rows.count; row += 1) view.setInt16(first + row * rowBytes, types.length)
  first += 2
  types.forEach(({ bytes, put }, column) => {
    const values = columns[column]!
    for (let row = 0; row < rows.count; row += 1) {
      const at = first + row * rowBytes
      view.setInt32(at, bytes)
      put(view, at + 4, values[row]!)
    }
    first += 4 + bytes
  })
  view.setInt16(buffer.length - 2, -1)
  return buffer
}
