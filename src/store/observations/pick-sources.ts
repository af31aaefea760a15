import type { Rows } from './rows.ts'

/** Which of several sources speaks for a moment: the better quality, then the name that comes first. */
export interface SourceOrder {
  /** Rank of a source's id; smaller comes first. */
  rankOf(source: number): number
}

export type UseMoment = (
  point: number,
  eventMs: number,
  value: number,
  quality: number,
  source: number,
  receivedMs: number,
) => void

/**
 * One call a point and moment, from rows in order of point, event time and source: the source of the best quality
 * speaks, among equals the one whose name comes first. It does not depend on the order of arrival.
 */
export async function pickSources(chunks: AsyncIterable<Rows>, order: SourceOrder, use: UseMoment): Promise<void> {
  // The best of a moment waits for the next moment, which may stand in the next chunk.
  let point = -1
  let eventMs = Number.NaN
  let value = Number.NaN
  let quality = 0
  let source = 0
  let receivedMs = 0
  for await (const rows of chunks) {
    for (let row = 0; row < rows.count; row += 1) {
      if (rows.point[row] === point && rows.eventMs[row] === eventMs) {
        const gain = quality - rows.quality[row]!
        if (gain < 0 || (gain === 0 && order.rankOf(rows.source[row]!) >= order.rankOf(source))) continue
      } else {
        if (point !== -1) use(point, eventMs, value, quality, source, receivedMs)
        point = rows.point[row]!
        eventMs = rows.eventMs[row]!
      }
      value = rows.value[row]!
      quality = rows.quality[row]!
      source = rows.source[row]!
      receivedMs = rows.receivedMs[row]!
    }
  }
  if (point !== -1) use(point, eventMs, value, quality, source, receivedMs)
}
