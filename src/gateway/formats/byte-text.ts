const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Text of the bytes `start` to `end` (exclusive); undefined where they are not UTF-8. */
export function utf8(bytes: Uint8Array, start = 0, end: number = bytes.length): string | undefined {
  if (end - start <= shortText && bytes instanceof Buffer) {
    let at = start
    while (at < end && bytes[at]! < 0x80) at += 1
    // Most names are ASCII, for which a decoder takes many times as long.
    if (at === end) return bytes.toString('latin1', start, end)
  }
  try {
    return decoder.decode(bytes.subarray(start, end))
  } catch {
    return undefined
  }
}

const shortText = 256

/** The beginning of a stretch for people, whatever its bytes are. */
export function excerpt(bytes: Uint8Array, start: number, end: number): string {
  const text = new TextDecoder().decode(bytes.subarray(start, Math.min(end, start + 80)))
  return end > start + 80 ? `${text}…` : text
}

/** Characters below U+0100, a byte each: numbers and stamps. */
export function latin1(bytes: Buffer, start: number, end: number): string {
  return bytes.toString('latin1', start, end)
}

/** Where the text begins: after a byte order mark. */
export function textStart(bytes: Uint8Array): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
}

const lookedAtBytes = 16_384

/** How many lines a body may have, by its beginning: the first size of the columns, which grow when it was too low. */
export function guessLines(bytes: Buffer): number {
  const { length } = bytes
  const looked = Math.min(length, lookedAtBytes)
  let lines = 1
  for (let at = 0; at < looked; at += 1) if (bytes[at] === byte.lineFeed) lines += 1
  return looked === length ? lines : (1.1 * lines * length) / looked
}

export const byte = {
  tab: 0x09,
  lineFeed: 0x0a,
  carriageReturn: 0x0d,
  space: 0x20,
  quote: 0x22,
  hash: 0x23,
  plus: 0x2b,
  comma: 0x2c,
  minus: 0x2d,
  point: 0x2e,
  zero: 0x30,
  nine: 0x39,
  colon: 0x3a,
  equals: 0x3d,
  backslash: 0x5c,
} as const
