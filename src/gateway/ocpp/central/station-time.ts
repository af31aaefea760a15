import { type Quality, quality } from '../../../kernel/index.ts'

/** A station may keep what it measured while offline for this long; older than that, its clock is wrong. */
const oldestMs = 90 * 86_400_000
const aheadMs = 5 * 60_000

export interface StationTime {
  readonly atMs: number
  readonly quality: Quality
}

/** A station's own time where it can be believed; else that of its arrival, marked as doubtful. */
export function stationTime(text: string | undefined, nowMs: number): StationTime {
  const ms = text === undefined ? Number.NaN : Date.parse(text)
  if (ms >= nowMs - oldestMs && ms <= nowMs + aheadMs) return { atMs: ms, quality: quality.good }
  return { atMs: nowMs, quality: quality.suspect }
}
