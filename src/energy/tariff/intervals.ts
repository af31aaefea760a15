import { offsetMsAt, type StepGrid, stepAt, stepEdgesMs, type TimeGrid } from '../../kernel/index.ts'

/**
 * Means over clock intervals, as shares of steps: interval `i` is the sum of `share[j] × power[step[j]]` for `j` from
 * `first[i]` to `first[i + 1] − 1`.
 */
export interface Intervals {
  readonly count: number
  readonly first: Int32Array
  readonly step: Int32Array
  readonly share: Float64Array
}

/** Mean power of one interval. */
export function intervalMean({ first, step, share }: Intervals, interval: number, powerKw: Float64Array): number {
  let mean = 0
  for (let j = first[interval]!; j < first[interval + 1]!; j += 1) mean += share[j]! * powerKw[step[j]!]!
  return mean
}

/** The highest interval of a power that is counted from 0 on, and where it begins; −1 where there is none. */
export function highestInterval(intervals: Intervals, powerKw: Float64Array): { peakKw: number; step: number } {
  let peakKw = 0
  let step = -1
  for (let i = 0; i < intervals.count; i += 1) {
    const mean = intervalMean(intervals, i, powerKw)
    if (mean > peakKw) {
      peakKw = mean
      step = intervals.step[intervals.first[i]!]!
    }
  }
  return { peakKw, step }
}

interface IntervalList {
  add(steps: readonly number[], ms: readonly number[], wholeMs: number): void
  done(): Intervals
}

/** Grows while the parts of intervals are written in order. */
function createIntervalList(): IntervalList {
  const first: number[] = [0]
  const step: number[] = []
  const share: number[] = []
  return {
    add(steps, ms, wholeMs) {
      steps.forEach((at, i) => {
        step.push(at)
        share.push(ms[i]! / wholeMs)
      })
      first.push(step.length)
    },
    done: () => ({
      count: first.length - 1,
      first: Int32Array.from(first),
      step: Int32Array.from(step),
      share: Float64Array.from(share),
    }),
  }
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)

/**
 * The clock intervals that the marked steps from `from` to `to − 1` lie in, of any length and start. Of an interval that
 * is cut by the horizon or the window, the part inside stands for the whole; intervals inside one longer step have one mean.
 */
export function clockIntervals(
  grid: StepGrid,
  marks: Uint8Array,
  { from, to, intervalMs, zone }: { from: number; to: number; intervalMs: number; zone: string },
): Intervals {
  const plain = 'segments' in grid ? undefined : alignedSteps(grid, marks, { from, to, intervalMs, zone })
  if (plain) return plain
  const edgesMs = stepEdgesMs(grid)
  const list = createIntervalList()
  let open = Number.NaN
  let steps: number[] = []
  let ms: number[] = []
  const alone = new Set<number>()
  const close = (): void => {
    const [only = -1] = steps
    if (steps.length > 0 && !(steps.length === 1 && alone.has(only))) {
      if (steps.length === 1) alone.add(only)
      list.add(steps, ms, sumOf(ms))
    }
    steps = []
    ms = []
  }
  for (let k = from; k < to; k += 1) {
    if (marks[k] === 0) continue
    const beginMs = edgesMs[k]!
    const endMs = edgesMs[k + 1]!
    let intervalStartMs = startOfInterval(beginMs, intervalMs, zone)
    while (intervalStartMs < endMs) {
      if (intervalStartMs !== open) close()
      open = intervalStartMs
      steps.push(k)
      ms.push(Math.min(endMs, intervalStartMs + intervalMs) - Math.max(beginMs, intervalStartMs))
      intervalStartMs += intervalMs
    }
  }
  close()
  return list.done()
}

/** Start of the clock interval of a moment, by the local clock, as a UTC moment. */
function startOfInterval(timestampMs: number, intervalMs: number, zone: string): number {
  const localMs = timestampMs + offsetMsAt(timestampMs, zone)
  return timestampMs - (((localMs % intervalMs) + intervalMs) % intervalMs)
}

/** The common case, without objects: every step is one interval, or is longer than one and stands on its edges. */
function alignedSteps(
  grid: TimeGrid,
  marks: Uint8Array,
  { from, to, intervalMs, zone }: { from: number; to: number; intervalMs: number; zone: string },
): Intervals | undefined {
  const onEdge = startOfInterval(grid.startMs, intervalMs, zone) === grid.startMs
  // Clocks change by multiples of half an hour, so that shorter intervals keep their edges.
  if (!onEdge || grid.stepMs % intervalMs !== 0 || (intervalMs > 1_800_000 && zone !== 'UTC')) return undefined
  let count = 0
  for (let k = from; k < to; k += 1) count += marks[k]!
  const step = new Int32Array(count)
  const first = new Int32Array(count + 1)
  let next = 0
  for (let k = from; k < to; k += 1) {
    if (marks[k] === 0) continue
    step[next] = k
    next += 1
    first[next] = next
  }
  return { count, first, step, share: new Float64Array(count).fill(1) }
}

/**
 * Given spans of time as intervals. `mean`: one interval, the mean of all of them, of which parts outside of the grid count
 * as nothing. Otherwise one interval each, of which the part inside of the grid stands for the whole.
 */
export function spanIntervals(grid: StepGrid, startsMs: readonly number[], lengthMs: number, mean: boolean): Intervals {
  const list = createIntervalList()
  const edgesMs = stepEdgesMs(grid)
  const allSteps: number[] = []
  const allMs: number[] = []
  for (const startMs of startsMs) {
    const steps: number[] = []
    const ms: number[] = []
    const low = Math.max(0, stepAt(grid, startMs))
    const high = Math.min(grid.count, stepAt(grid, startMs + lengthMs - 1) + 1)
    for (let k = low; k < high; k += 1) {
      const beginMs = edgesMs[k]!
      steps.push(k)
      ms.push(Math.min(edgesMs[k + 1]!, startMs + lengthMs) - Math.max(beginMs, startMs))
    }
    allSteps.push(...steps)
    allMs.push(...ms)
    if (!mean && steps.length > 0) list.add(steps, ms, sumOf(ms))
  }
  if (mean && allSteps.length > 0) list.add(allSteps, allMs, lengthMs * startsMs.length)
  return list.done()
}
