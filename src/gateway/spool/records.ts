import { crc32 } from 'node:zlib'

/** Length and checksum before each record. */
const headBytes = 8
/** A longer one is no record but damage. */
export const maxRecordBytes = 16 * 1024 * 1024

/** A record as it stands in a segment: its length, its CRC-32 (ISO-HDLC), its bytes. */
export function frameRecord(bytes: Uint8Array): Buffer {
  const framed = Buffer.allocUnsafe(headBytes + bytes.length)
  framed.writeUInt32LE(bytes.length, 0)
  framed.writeUInt32LE(crc32(bytes), 4)
  framed.set(bytes, headBytes)
  return framed
}

export interface SegmentContent {
  readonly records: readonly Buffer[]
  /** Bytes up to the end of the last whole record. */
  readonly soundBytes: number
  /** `torn`: it ends within a record, as after a crash; `damaged`: a record is not what was written, and what follows it cannot be found. */
  readonly end: 'whole' | 'torn' | 'damaged'
}

/** The records of a segment, from one of their places on. */
export function readRecords(segment: Buffer, from = 0): SegmentContent {
  const records: Buffer[] = []
  let at = from
  const ended = (end: SegmentContent['end']): SegmentContent => ({ records, soundBytes: at, end })
  while (at < segment.length) {
    if (segment.length - at < headBytes) return ended('torn')
    const length = segment.readUInt32LE(at)
    if (length > maxRecordBytes) return ended('damaged')
    if (segment.length - at - headBytes < length) return ended('torn')
    const bytes = segment.subarray(at + headBytes, at + headBytes + length)
    if (crc32(bytes) !== segment.readUInt32LE(at + 4)) return ended('damaged')
    records.push(bytes)
    at += headBytes + length
  }
  return ended('whole')
}

export const framedBytes = (record: Uint8Array): number => headBytes + record.length
