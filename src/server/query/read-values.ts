import {
  alignColumns,
  type ComputedPoints,
  computePoints,
  defaultMaxAgeSeconds,
  measuredInputs,
  type Samples,
} from '../../kernel/index.ts'
import { maxRangeValues, type PointRange, type Store, storeErrors } from '../../store/index.ts'
import type { AnswerPoint, AnswerPoints } from './answer-columns.ts'
import type { Span } from './read-moment.ts'

export interface ValuesRequest extends Span {
  readonly site: string
  readonly points: readonly string[]
  /** Most moments of one point; absent: all, or an error where they are too many. */
  readonly limit?: number
}

export interface ValuesAnswer {
  /** Points that have been stored or computed. */
  readonly points: AnswerPoints
  /** Where the next page begins. */
  readonly nextMs?: number
}

type Ranges = Readonly<Record<string, PointRange>>

/**
 * Values as they were observed. A computed point has a value wherever one of its inputs has; an input holds a quarter of an hour.
 * With `limit` the answer ends at the moment of the first value, of any point, that has no place in it.
 *
 * @throws `store.too-many`, `store.bad-range`
 */
export async function readValues(
  { observations }: Pick<Store, 'observations'>,
  computed: ComputedPoints,
  request: ValuesRequest,
): Promise<ValuesAnswer> {
  const { site, points, fromMs, toMs, limit } = request
  const asked = points.filter((ref) => computed.byRef.has(ref))
  const measured = measuredInputs(computed, points)
  const { ranges, nextMs } = await readMeasured()
  const inputs = measuredInputs(computed, asked)
  const reachMs = defaultMaxAgeSeconds * 1000
  const before =
    inputs.length === 0 || fromMs <= 0
      ? {}
      : await observations.range({ site, points: inputs, fromMs: Math.max(0, fromMs - reachMs), toMs: fromMs })
  let endMs = nextMs ?? toMs
  let count = 0
  const own = new Map<string, AnswerPoint>()
  for (const ref of asked) {
    const point = computeEvents(computed, ref, (input) => joined(before[input], ranges[input]), fromMs)
    count += point.timestampsMs.length
    if (count > maxRangeValues) throw tooMany()
    if (limit !== undefined && point.timestampsMs.length > limit) endMs = Math.min(endMs, point.timestampsMs[limit]!)
    own.set(ref, point)
  }
  const answered = new Map<string, AnswerPoint>()
  for (const ref of points) {
    const point = own.get(ref) ?? ranges[ref]
    if (point) answered.set(ref, endMs < toMs ? upTo(point, endMs) : point)
  }
  return { points: answered, ...(endMs < toMs ? { nextMs: endMs } : {}) }

  async function readMeasured(): Promise<{ readonly ranges: Ranges; readonly nextMs?: number }> {
    const range = { site, points: measured, fromMs, toMs }
    if (limit === undefined) return { ranges: await observations.range(range) }
    const page = await observations.page({ ...range, limit })
    return { ranges: page.points, ...(page.nextMs === undefined ? {} : { nextMs: page.nextMs }) }
  }
}

/** A computed point at every moment from `fromMs` on at which one of its inputs has a value. */
function computeEvents(
  computed: ComputedPoints,
  ref: string,
  samplesOf: (input: string) => Samples,
  fromMs: number,
): AnswerPoint {
  const samples = new Map(measuredInputs(computed, [ref]).map((input) => [input, samplesOf(input)]))
  const { timestampsMs, columns } = alignColumns(samples, { kind: 'events' })
  const column = computePoints(computed, columns, timestampsMs.length, [ref]).get(ref)!
  const from = firstFrom(timestampsMs, fromMs)
  return {
    unit: computed.byRef.get(ref)!.unit,
    timestampsMs: timestampsMs.subarray(from),
    values: column.values.subarray(from),
    quality: column.quality.subarray(from),
  }
}

/** The last value before a range, and the range. */
function joined(before: PointRange | undefined, range: PointRange | undefined): Samples {
  const last = before ? before.timestampsMs.length - 1 : -1
  if (!before || last < 0) return range ?? { timestampsMs: [], values: [], quality: [] }
  return {
    timestampsMs: [before.timestampsMs[last]!, ...(range?.timestampsMs ?? [])],
    values: [before.values[last]!, ...(range?.values ?? [])],
    quality: [before.quality[last]!, ...(range?.quality ?? [])],
  }
}

/** Place of the first time that is not before `fromMs`. */
function firstFrom(timestampsMs: ArrayLike<number>, fromMs: number): number {
  let [low, high] = [0, timestampsMs.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (timestampsMs[middle]! < fromMs) low = middle + 1
    else high = middle
  }
  return low
}

function upTo(point: AnswerPoint, endMs: number): AnswerPoint {
  const end = firstFrom(point.timestampsMs, endMs)
  if (end === point.timestampsMs.length) return point
  const cut = (from: ArrayLike<number>) => Array.prototype.slice.call(from, 0, end) as number[]
  return {
    unit: point.unit,
    timestampsMs: cut(point.timestampsMs),
    values: cut(point.values),
    quality: cut(point.quality),
  }
}

const tooMany = () =>
  storeErrors.tooMany({
    detail: 'The computed points have more values than one answer carries; ask for fewer points, a bucket or a limit',
    expected: `at most ${maxRangeValues} values`,
  })
