import { quality } from '../../kernel/index.ts'

/** What is known of the points that rules name: one slot a point, numbers in typed arrays. */
export interface PointMemory {
  readonly refs: readonly string[]
  readonly slots: ReadonlyMap<string, number>
  /** Newest value by event time; NaN = missing. */
  readonly values: Float64Array
  readonly quality: Uint8Array
  /** Event time of it; −∞ before the first. */
  readonly lastMs: Float64Array
  /** Event time of the newest value that was not missing, and of the one before it. */
  readonly knownMs: Float64Array
  readonly knownBeforeMs: Float64Array
  /** When the newest arrived, on a clock that only goes on. */
  readonly arrivedMs: Float64Array
}

export function createPointMemory(refs: readonly string[], monotonicMs: number): PointMemory {
  const size = refs.length
  return {
    refs,
    slots: new Map(refs.map((ref, slot) => [ref, slot])),
    values: new Float64Array(size).fill(Number.NaN),
    quality: new Uint8Array(size).fill(quality.missing),
    lastMs: new Float64Array(size).fill(Number.NEGATIVE_INFINITY),
    knownMs: new Float64Array(size).fill(Number.NEGATIVE_INFINITY),
    knownBeforeMs: new Float64Array(size).fill(Number.NEGATIVE_INFINITY),
    arrivedMs: new Float64Array(size).fill(monotonicMs),
  }
}
