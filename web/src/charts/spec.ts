/** One drawn quantity of a chart; values stand at the starts of their steps and hold until the next. */
export interface Line {
  readonly label: string
  /** Token of its colour: `solar`, `ink-soft`. */
  readonly token: string
  readonly values: readonly (number | null)[]
  /** The values of this line alone, for tables and files, where `values` are drawn otherwise (sums of a stack, a band). */
  readonly own?: readonly (number | null)[]
  /** `area`: filled from the line below it in the stack; `line`: drawn over. */
  readonly shape: 'area' | 'line'
  /** `right`: measured on the right axis. Default left. */
  readonly axis?: 'left' | 'right'
  readonly dashed?: boolean
  readonly widthPx?: number
}

/** A chart on the time axis that all charts of a page share. */
export interface ChartSpec {
  /** Starts of the steps, ms; the last entry is the end of the last step. */
  readonly timestampsMs: readonly number[]
  readonly lines: readonly Line[]
  readonly unit: string
  readonly rightUnit?: string
  /** Least extent of the left axis. */
  readonly atLeast?: number
  /** Fixed extent of the left axis. */
  readonly range?: readonly [number, number]
  /** From here on the values are planned: drawn lighter. */
  readonly planFromMs?: number
  /** Leaves the room of a right axis free, so that charts under each other share their time axis. */
  readonly rightGutter?: boolean
  readonly heightPx: number
}

/** Where things stand on a drawn chart, CSS pixels from its top left corner. */
export interface ChartFrame {
  readonly leftPx: number
  readonly rightPx: number
  readonly topPx: number
  readonly bottomPx: number
  valueToPx(value: number): number
  pxToValue(px: number): number
}

/** Sums a stack of series from the bottom up: entry `i` is the sum of the first `i + 1`. Missing counts as nothing. */
export function stack(series: readonly (readonly (number | null)[])[]): readonly (readonly number[])[] {
  const total: number[] = []
  return series.map((values) => values.map((value, k) => (total[k] = (total[k] ?? 0) + Math.max(0, value ?? 0))))
}
