import { byte } from './byte-text.ts'
import type { Stretches } from './row-names.ts'

/** Cells of one record of a CSV body. Quotes around a cell and blanks around an unquoted one are left out. */
export interface CsvCells extends Stretches {
  /** 1 where the text has doubled quotes that stand for one. */
  readonly doubled: Uint8Array
  /** Cells of the record; only as many as there is room for have a place. */
  count: number
  /** Why the record cannot be read. */
  fault: 'quote inside a cell' | 'text after a quoted cell' | 'quote without end' | undefined
  /** Where the next record begins. */
  next: number
  /** Line ends in the record. */
  lines: number
}

export const openCsvCells = (room: number): CsvCells => ({
  starts: new Int32Array(room),
  ends: new Int32Array(room),
  doubled: new Uint8Array(room),
  count: 0,
  fault: undefined,
  next: 0,
  lines: 0,
})

const isBlank = (code: number | undefined): boolean => code === byte.space || code === byte.tab

/**
 * Reads the record that begins at `start` (RFC 4180; a line ends with LF or CRLF). A quote that does not end spoils
 * its own line, not the rest of the body.
 */
export function scanCsvRecord(bytes: Buffer, start: number, cells: CsvCells): void {
  const { starts, ends, doubled } = cells
  const { length } = bytes
  const room = starts.length
  let at = start
  let count = 0
  let lines = 0
  cells.fault = undefined
  for (;;) {
    while (at < length && isBlank(bytes[at])) at += 1
    let first = at
    let last = at
    let escapes = 0
    if (bytes[at] === byte.quote) {
      first = at + 1
      at = first
      let newlines = 0
      for (; at < length; at += 1) {
        const code = bytes[at]
        if (code === byte.lineFeed) newlines += 1
        if (code !== byte.quote) continue
        if (bytes[at + 1] !== byte.quote) break
        escapes = 1
        at += 1
      }
      last = at
      if (at >= length) {
        cells.fault = 'quote without end'
        at = first
      } else {
        lines += newlines
        at += 1
        while (at < length && isBlank(bytes[at])) at += 1
        const code = bytes[at]
        if (at < length && code !== byte.comma && code !== byte.lineFeed && code !== byte.carriageReturn) {
          cells.fault = 'text after a quoted cell'
        }
      }
      if (cells.fault) {
        while (at < length && bytes[at] !== byte.lineFeed) at += 1
      } else if (bytes[at] === byte.carriageReturn) at += 1
    } else {
      let code = 0
      while (at < length) {
        code = bytes[at]!
        if (code === byte.comma || code === byte.lineFeed) break
        if (code === byte.quote) cells.fault = 'quote inside a cell'
        at += 1
      }
      last = at
      while (last > first && (isBlank(bytes[last - 1]) || bytes[last - 1] === byte.carriageReturn)) last -= 1
    }
    if (count < room) {
      starts[count] = first
      ends[count] = last
      doubled[count] = escapes
    }
    count += 1
    if (at < length && bytes[at] === byte.comma) {
      at += 1
      continue
    }
    // After a CR inside of a line, too: what follows it would be a line of its own for some and not for others.
    while (at < length && bytes[at] !== byte.lineFeed) {
      cells.fault ??= 'text after a quoted cell'
      at += 1
    }
    break
  }
  cells.count = count
  cells.next = at + 1
  cells.lines = lines + 1
}
