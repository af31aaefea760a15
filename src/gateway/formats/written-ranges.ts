import { qualityNames } from '../../kernel/index.ts'

/** Values of one point in order of time, as the store gives them. */
export interface WrittenRange {
  readonly unit: string
  /** Whole UTC milliseconds. */
  readonly timestampsMs: ArrayLike<number>
  /** NaN = missing. */
  readonly values: ArrayLike<number>
  /** Codes of `quality`. */
  readonly quality: ArrayLike<number>
}

/** Ranges by point, `<asset>.<point>`. */
export type WrittenRanges = Readonly<Record<string, WrittenRange>>

/** Rows that are written in one turn: a few milliseconds of work. */
export const rowsAChunk = 4096

export const qualityWord = (code: number | undefined): string => qualityNames[code ?? -1] ?? 'suspect'

/** Pieces of a text one after the other, as bytes. */
export function joinChunks(chunks: Iterable<Uint8Array>): Uint8Array<ArrayBuffer> {
  const all = [...chunks]
  const joined = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const chunk of all) {
    joined.set(chunk, at)
    at += chunk.length
  }
  return joined
}

/** One text a chunk of rows; `line` writes one row of a range. */
export function* textChunks(
  ranges: WrittenRanges,
  lineOf: (point: string, range: WrittenRange) => (row: number) => string,
): Generator<Uint8Array> {
  const encoder = new TextEncoder()
  let text = ''
  let rows = 0
  for (const [point, range] of Object.entries(ranges)) {
    const line = lineOf(point, range)
    for (let row = 0; row < range.timestampsMs.length; row += 1) {
      text += line(row)
      rows += 1
      if (rows % rowsAChunk > 0) continue
      yield encoder.encode(text)
      text = ''
    }
  }
  if (text !== '') yield encoder.encode(text)
}
