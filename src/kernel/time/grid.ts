/** Uniform steps of UTC time. Step `k` covers `[startMs + k·stepMs, startMs + (k+1)·stepMs)`. */
export interface TimeGrid {
  readonly startMs: number
  readonly stepMs: number
  readonly count: number
}

/** Hours of one step. */
export const stepHours = (grid: TimeGrid): number => grid.stepMs / 3_600_000

/** End of the last step, exclusive. */
export const endMs = (grid: TimeGrid): number => grid.startMs + grid.count * grid.stepMs

/** Start of step `k`. */
export const stepStartMs = (grid: TimeGrid, k: number): number => grid.startMs + k * grid.stepMs

export const sameGrid = (a: TimeGrid, b: TimeGrid): boolean =>
  a.startMs === b.startMs && a.stepMs === b.stepMs && a.count === b.count
