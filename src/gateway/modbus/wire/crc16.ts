/** CRC of Modbus RTU: polynomial 0xA001, start 0xFFFF, low byte first on the wire (Modbus over Serial Line V1.02, 6.2.2). */
export function crc16(bytes: Uint8Array, end: number = bytes.length): number {
  let crc = 0xffff
  for (let at = 0; at < end; at += 1) crc = table[(crc ^ bytes[at]!) & 0xff]! ^ (crc >>> 8)
  return crc
}

const table = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1
  return crc
})
