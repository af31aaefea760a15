import { quality, type seededRandom } from '../../kernel/index.ts'
import type { Observation } from '../observations/observation-types.ts'
import { dayStartMs, observation } from '../store.fixture.ts'

/** Rows that a batch has at most. */
export const batchRows = 64
/** Each batch has 6.4 s of sixty days to itself: a prime number of places, so that no two batches share one. */
const places = 809_993
const placeMs = 6400
export const spanMs = 60 * 86_400_000
export const points: readonly string[] = Array.from({ length: 8 }, (_, point) => `asset${point}.powerKw`)
/** A point of which the same ten moments are written again and again, with growing values. */
export const correctedPoint = 'asset.corrected'
const correctedMoments = 10

/**
 * A batch that its number alone tells: how many rows, of which points, when and with which value. Event times jump to
 * and fro over two months, so that quarters, runs and months are touched in no order.
 */
export function numberedBatch(batch: number): readonly Observation[] {
  return Array.from({ length: 1 + ((batch * 37) % batchRows) }, (_, index) => {
    const row = batch * batchRows + index
    return observation({
      point: points[row % points.length]!,
      timestampMs: dayStartMs + ((batch * 7919) % places) * placeMs + index * 100,
      value: row,
    })
  })
}

/** The batch that a row of this value belongs to. */
export const batchOfValue = (value: number): number => Math.floor(value / batchRows)

/** The value of one of ten moments grows with each correction. */
export const correction = (number: number): Observation =>
  observation({
    point: correctedPoint,
    timestampMs: dayStartMs + (number % correctedMoments) * 1000,
    value: number,
    quality: quality.estimated,
  })

export const drawBelow = (random: ReturnType<typeof seededRandom>, limit: number): number =>
  Math.floor(random.next() * limit)
