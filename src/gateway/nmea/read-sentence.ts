/** A sentence that is whole: its checksum fits. */
export interface Sentence {
  /** Who speaks: `GP`, `GN`, `GL`, `GA`, `GB` and `BD`, `GI`, or an instrument. */
  readonly talker: string
  /** What it says: `RMC`. */
  readonly kind: string
  readonly fields: readonly string[]
}

/** A line that is none of NMEA 0183, or broken on its way. */
export interface BrokenLine {
  readonly problem: string
}

/** Sentences have 82 characters (IEC 61162-1); receivers of several systems send longer ones. */
export const longestSentence = 200

/** Exclusive or of what stands between `$` and `*`. */
export function checksumOf(body: string): number {
  let sum = 0
  for (let index = 0; index < body.length; index += 1) sum ^= body.charCodeAt(index)
  return sum & 0xff
}

/** A sentence with its checksum. */
export const writeSentence = (body: string): string =>
  `$${body}*${checksumOf(body).toString(16).toUpperCase().padStart(2, '0')}\r\n`

/**
 * Reads one line. A tag block before the sentence (NMEA 0183 4.10) is passed over. Sentences without a checksum are not believed:
 * a digit that was lost on the way would be another place.
 *
 * @returns undefined for an empty line, for makers' own sentences (`$P…`), queries and for AIS (`!…`)
 */
export function readSentence(line: string): Sentence | BrokenLine | undefined {
  const text = line.trim().replace(/^\\[^\\]{0,100}\\/, '')
  if (text === '') return undefined
  const form = /^([$!])([A-Z0-9]{3,10}(?:,[^*$!\\]*)?)\*([0-9A-Fa-f]{2})$/.exec(text)
  if (text.length > longestSentence || !form) return { problem: 'no sentence with a checksum' }
  const [, start, body = '', sum = ''] = form
  if (Number.parseInt(sum, 16) !== checksumOf(body)) return { problem: 'the checksum does not fit' }
  const [head = '', ...fields] = body.split(',')
  if (start === '!' || head.startsWith('P') || !/^[A-Z]{2}[A-Z]{3}$/.test(head)) return undefined
  return { talker: head.slice(0, 2), kind: head.slice(2), fields }
}

export const isSentence = (one: Sentence | BrokenLine): one is Sentence => 'kind' in one
