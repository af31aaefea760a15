import { type MadeForecast, movedSteps } from '../../energy/index.ts'
import { type ComputedPoints, quality, type TimeGrid } from '../../kernel/index.ts'
import type { Store } from '../../store/index.ts'
import { bucketColumns } from '../query/read-buckets.ts'
import { meterOf, type Quantity } from './quantities.ts'

/** What was measured of a quantity on a grid. */
export interface MeasuredQuantity {
  /** NaN: nothing, or what is doubtful. */
  readonly values: Float64Array
  /** 1: by the meter of the asset, which the plan moved then. */
  readonly moved: Uint8Array
}

/** Means of a quantity over the steps of a grid: of its own point where something stands there, else of the meter of its asset. */
export async function measuredQuantity(
  { store, computed }: { readonly store: Pick<Store, 'observations'>; readonly computed: ComputedPoints },
  {
    site,
    quantity,
    forecasts,
    grid,
    oldestMs,
  }: {
    readonly site: string
    readonly quantity: Quantity
    readonly forecasts: readonly MadeForecast[]
    readonly grid: TimeGrid
    readonly oldestMs: number
  },
): Promise<MeasuredQuantity> {
  const meter = meterOf(quantity)
  const edgesMs = Float64Array.from({ length: grid.count + 1 }, (_, step) => grid.startMs + step * grid.stepMs)
  const points = [quantity.ref, ...(meter === undefined ? [] : [meter])]
  const { columns } = await bucketColumns(store, computed, { site, points, edgesMs })
  const sure = (ref: string | undefined): Float64Array | undefined => {
    const found = ref === undefined ? undefined : columns.get(ref)
    return found?.values.map((value, step) =>
      (found.quality[step] ?? quality.missing) < quality.suspect ? value : Number.NaN,
    )
  }
  const [own, metered] = [sure(quantity.ref), sure(meter)]
  const moves = meter === undefined ? undefined : movedSteps(grid, forecasts, oldestMs)
  const values = new Float64Array(grid.count).fill(Number.NaN)
  const moved = new Uint8Array(grid.count)
  for (let step = 0; step < grid.count; step += 1) {
    const told = own?.[step] ?? Number.NaN
    values[step] = Number.isNaN(told) ? (metered?.[step] ?? Number.NaN) : told
    if (Number.isNaN(told) && moves?.[step] === 1) moved[step] = 1
  }
  return { values, moved }
}
