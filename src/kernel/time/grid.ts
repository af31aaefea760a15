const hourMs = 3_600_000

/** Uniform steps of UTC time. Step `k` covers `[startMs + k·stepMs, startMs + (k+1)·stepMs)`. */
export interface TimeGrid {
  readonly startMs: number
  readonly stepMs: number
  readonly count: number
}

/** Steps of one length, as part of a longer row. */
export interface GridSegment {
  readonly stepMs: number
  readonly count: number
}

/** Steps of UTC time one after the other, whose length changes from segment to segment. */
export interface UnevenGrid {
  readonly startMs: number
  /** Steps of all segments together. */
  readonly count: number
  readonly segments: readonly GridSegment[]
}

/** Steps of UTC time without a gap, equally long or not. */
export type StepGrid = TimeGrid | UnevenGrid

/** Segments as a grid; one, or several of one length, are uniform. */
export function gridOfSegments(startMs: number, segments: readonly GridSegment[]): StepGrid {
  const used = segments.filter(({ count }) => count > 0)
  const count = used.reduce((sum, segment) => sum + segment.count, 0)
  const stepMs = used[0]?.stepMs ?? hourMs
  return used.every((segment) => segment.stepMs === stepMs)
    ? { startMs, stepMs, count }
    : { startMs, count, segments: used }
}

/** The segments of a grid; a uniform one has one. */
export const segmentsOf = (grid: StepGrid): readonly GridSegment[] => ('segments' in grid ? grid.segments : [grid])

/** Hours of one step. */
export const stepHours = (grid: TimeGrid): number => grid.stepMs / hourMs

/** Hours of each step. */
export function hoursOfSteps(grid: StepGrid): Float64Array {
  const hours = new Float64Array(grid.count)
  let from = 0
  for (const { stepMs, count } of segmentsOf(grid)) {
    hours.fill(stepMs / hourMs, from, from + count)
    from += count
  }
  return hours
}

/** End of the last step, exclusive. */
export const endMs = (grid: StepGrid): number => stepStartMs(grid, grid.count)

/** Start of step `k`; of `count`, the end of the last. */
export function stepStartMs(grid: StepGrid, k: number): number {
  if (!('segments' in grid)) return grid.startMs + k * grid.stepMs
  let atMs = grid.startMs
  let left = k
  for (const { stepMs, count } of grid.segments) {
    if (left <= count) return atMs + left * stepMs
    atMs += count * stepMs
    left -= count
  }
  return atMs
}

/** Starts of all steps, and the end of the last: `count + 1` moments. */
export function stepEdgesMs(grid: StepGrid): Float64Array {
  const edges = new Float64Array(grid.count + 1)
  let k = 0
  let atMs = grid.startMs
  for (const { stepMs, count } of segmentsOf(grid)) {
    for (let j = 0; j < count; j += 1) {
      edges[k] = atMs + j * stepMs
      k += 1
    }
    atMs += count * stepMs
  }
  edges[grid.count] = atMs
  return edges
}

/** The step that a moment lies in; −1 before the first, `count` from the end of the last on. */
export function stepAt(grid: StepGrid, timestampMs: number): number {
  if (timestampMs < grid.startMs) return -1
  let from = 0
  let atMs = grid.startMs
  for (const { stepMs, count } of segmentsOf(grid)) {
    const inside = Math.floor((timestampMs - atMs) / stepMs)
    if (inside < count) return from + inside
    from += count
    atMs += count * stepMs
  }
  return grid.count
}

/** The first steps of a grid. */
export function firstSteps(grid: StepGrid, count: number): StepGrid {
  if (!('segments' in grid)) return { ...grid, count: Math.min(grid.count, count) }
  let left = count
  const segments = grid.segments.map((segment) => {
    const kept = Math.max(0, Math.min(segment.count, left))
    left -= segment.count
    return { ...segment, count: kept }
  })
  return gridOfSegments(grid.startMs, segments)
}

/** Each segment as a grid of its own; a uniform grid is its only one. */
export function uniformGrids(grid: StepGrid): readonly TimeGrid[] {
  if (!('segments' in grid)) return [grid]
  let startMs = grid.startMs
  return grid.segments.map(({ stepMs, count }) => {
    const part = { startMs, stepMs, count }
    startMs += count * stepMs
    return part
  })
}

const commonDivisor = (a: number, b: number): number => (b === 0 ? a : commonDivisor(b, a % b))

/** The longest uniform steps on whose edges all steps of a grid begin and end. */
export function finestGrid(grid: StepGrid): TimeGrid {
  if (!('segments' in grid)) return grid
  const stepMs = grid.segments.reduce((divisor, segment) => commonDivisor(segment.stepMs, divisor), 0)
  return { startMs: grid.startMs, stepMs, count: (endMs(grid) - grid.startMs) / stepMs }
}

/** Means over the steps of a grid of values on its {@link finestGrid}. A step with a missing part (NaN) is missing. */
export function meansOnSteps(values: Float64Array, grid: StepGrid): Float64Array {
  if (!('segments' in grid)) return values
  const { stepMs } = finestGrid(grid)
  const means = new Float64Array(grid.count)
  let k = 0
  let from = 0
  for (const segment of grid.segments) {
    const parts = segment.stepMs / stepMs
    for (let j = 0; j < segment.count; j += 1) {
      let sum = 0
      for (let i = from; i < from + parts; i += 1) sum += values[i]!
      means[k] = sum / parts
      from += parts
      k += 1
    }
  }
  return means
}

export const sameGrid = (a: StepGrid, b: StepGrid): boolean => {
  if (a.startMs !== b.startMs || a.count !== b.count) return false
  const [ours, theirs] = [segmentsOf(a), segmentsOf(b)]
  return (
    ours.length === theirs.length &&
    ours.every(({ stepMs, count }, i) => stepMs === theirs[i]!.stepMs && count === theirs[i]!.count)
  )
}
