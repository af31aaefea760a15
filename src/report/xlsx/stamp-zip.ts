const centralEntry = 0x02014b50
const localEntry = 0x04034b50
const endOfDirectory = 0x06054b50

/** Date and time as archives write them (APPNOTE.TXT 6.3.10, 4.4.6): from 1980 on, two seconds apart. */
function stampOf(moment: Date): { readonly time: number; readonly date: number } {
  const year = Math.min(2107, Math.max(1980, moment.getUTCFullYear()))
  return {
    time: (moment.getUTCHours() << 11) | (moment.getUTCMinutes() << 5) | (moment.getUTCSeconds() >> 1),
    date: ((year - 1980) << 9) | ((moment.getUTCMonth() + 1) << 5) | moment.getUTCDate(),
  }
}

/** Gives every entry of an archive one moment instead of that at which it was written, so that the same content is the same bytes. */
export function stampZip(zip: Uint8Array, momentMs: number): Buffer {
  const bytes = Buffer.from(zip)
  const { time, date } = stampOf(new Date(momentMs))
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]))
  if (end < 0 || bytes.readUInt32LE(end) !== endOfDirectory) throw new Error('This is no archive')
  const count = bytes.readUInt16LE(end + 10)
  let at = bytes.readUInt32LE(end + 16)
  for (let entry = 0; entry < count; entry += 1) {
    if (bytes.readUInt32LE(at) !== centralEntry) throw new Error('The directory of the archive is broken')
    bytes.writeUInt16LE(time, at + 12)
    bytes.writeUInt16LE(date, at + 14)
    const local = bytes.readUInt32LE(at + 42)
    if (bytes.readUInt32LE(local) !== localEntry) throw new Error('An entry of the archive is broken')
    bytes.writeUInt16LE(time, local + 10)
    bytes.writeUInt16LE(date, local + 12)
    at += 46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
  }
  return bytes
}
