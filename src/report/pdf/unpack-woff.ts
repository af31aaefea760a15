import { inflateSync } from 'node:zlib'

/** The font inside a WOFF file (W3C, WOFF File Format 1.0, 4 and 5): unpacked once, instead of table by table at each look. */
export function unpackWoff(woff: Buffer): Buffer {
  const count = woff.readUInt16BE(12)
  const power = 2 ** Math.floor(Math.log2(count))
  const head = Buffer.alloc(12 + 16 * count)
  woff.copy(head, 0, 4, 8)
  for (const [place, value] of [count, 16 * power, Math.log2(power), 16 * (count - power)].entries()) {
    head.writeUInt16BE(value, 4 + 2 * place)
  }
  const tables: Buffer[] = []
  let offset = head.length
  for (let table = 0; table < count; table += 1) {
    const from = 44 + 20 * table
    const at = 12 + 16 * table
    const start = woff.readUInt32BE(from + 4)
    const packed = woff.subarray(start, start + woff.readUInt32BE(from + 8))
    const length = woff.readUInt32BE(from + 12)
    const bytes = packed.length < length ? inflateSync(packed) : packed
    woff.copy(head, at, from, from + 4)
    woff.copy(head, at + 4, from + 16, from + 20)
    head.writeUInt32BE(offset, at + 8)
    head.writeUInt32BE(length, at + 12)
    const padded = Buffer.concat([bytes, Buffer.alloc((4 - (length % 4)) % 4)])
    tables.push(padded)
    offset += padded.length
  }
  return Buffer.concat([head, ...tables])
}
