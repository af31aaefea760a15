import { localParts, stepStartMs, type TimeGrid } from '../../kernel/index.ts'
import type { MatchHoursOutput } from './schema.ts'

/** Matched over load by month and hour of the local day; hours that are left out (NaN) are in none. */
export function heatMapOf(
  grid: TimeGrid,
  zone: string,
  loadWh: Float64Array,
  matchedWh: Float64Array,
): MatchHoursOutput['heatMap'] {
  const months = new Map<string, { readonly load: Float64Array; readonly matched: Float64Array }>()
  for (let k = 0; k < grid.count; k += 1) {
    const { year, month, hour } = localParts(stepStartMs(grid, k), zone)
    const name = `${year}-${String(month).padStart(2, '0')}`
    const sums = months.get(name) ?? { load: new Float64Array(24), matched: new Float64Array(24) }
    months.set(name, sums)
    if (Number.isNaN(loadWh[k]!)) continue
    sums.load[hour]! += loadWh[k]!
    sums.matched[hour]! += matchedWh[k]!
  }
  const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0)
  const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole)
  return [...months].map(([month, { load, matched }]) => ({
    month,
    shares: Array.from(load, (whole, hour) => ratio(matched[hour]!, whole)),
    all: ratio(total(matched), total(load)),
  }))
}
