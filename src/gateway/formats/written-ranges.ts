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

/** Rows of one part, and how each is written. */
export type LinesOfPart = readonly [count: number, line: (row: number) => string]

/** Lines of parts as bytes, so many a chunk, behind a heading. */
export function* lineChunks(parts: Iterable<LinesOfPart>, linesAChunk: number, heading = ''): Generator<Uint8Array> {
  const encoder = new TextEncoder()
  let text = heading
  let lines = 0
  for (const [count, line] of parts) {
    for (let row = 0; row < count; row += 1) {
      text += line(row)
      lines += 1
      if (lines % linesAChunk > 0) continue
      yield encoder.encode(text)
      text = ''
    }
  }
  if (text !== '') yield encoder.encode(text)
}

/** One text a chunk of rows; `lineOf` gives how a row of a range is written. */
export const textChunks = (
  ranges: WrittenRanges,
  lineOf: (point: string, range: WrittenRange) => (row: number) => string,
): Generator<Uint8Array> =>
  lineChunks(
    Object.entries(ranges).map(([point, range]) => [range.timestampsMs.length, lineOf(point, range)] as const),
    rowsAChunk,
  )
