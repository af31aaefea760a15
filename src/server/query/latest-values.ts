import { type ComputedPoints, defaultMaxAgeSeconds, type PointColumn } from '../../kernel/index.ts'

/** Newest value of a point. */
export interface Newest {
  readonly timestampMs: number
  /** NaN = missing. */
  readonly value: number
  /** Code of `quality`. */
  readonly quality: number
}

/**
 * Newest values of computed points: each at the newest event time of its inputs, of which one counts as long as it is not more
 * than a quarter of an hour older than that. A point of whose inputs nothing is known is absent.
 *
 * @param newestOf of measured points
 * @param changed only what needs one of these is computed; absent: all
 */
export function computeNewest(
  computed: ComputedPoints,
  newestOf: (ref: string) => Newest | undefined,
  changed?: Iterable<string>,
): ReadonlyMap<string, Newest> {
  const maxAgeMs = defaultMaxAgeSeconds * 1000
  const moved = changed && new Set(changed)
  const all = new Map<string, Newest>()
  const answered = new Map<string, Newest>()
  for (const { ref, expression } of computed.order) {
    const inputs = expression.refs.map((input) => [input, all.get(input) ?? newestOf(input)] as const)
    const timestampMs = inputs.reduce((newest, [, input]) => Math.max(newest, input?.timestampMs ?? 0), 0)
    if (timestampMs === 0) continue
    if (moved && !expression.refs.some((input) => moved.has(input))) continue
    const columns = new Map<string, PointColumn>()
    for (const [input, newest] of inputs) {
      if (!newest || timestampMs - newest.timestampMs > maxAgeMs) continue
      columns.set(input, { values: Float64Array.of(newest.value), quality: Uint8Array.of(newest.quality) })
    }
    const column = expression.evaluate(columns, 1)
    const newest = { timestampMs, value: column.values[0]!, quality: column.quality[0]! }
    all.set(ref, newest)
    answered.set(ref, newest)
    moved?.add(ref)
  }
  return answered
}
