import { localParts, stepStartMs, type TimeGrid } from '../../kernel/index.ts'
import type { OutageStarts } from './outage-year.ts'

export interface OutageSummary {
  /** One value for each length of outage, 1 h, 2 h, … */
  readonly mean: number[]
  readonly least: number[]
  /** Hour of the grid with the least chance to survive the longest outage; of equals the first. */
  readonly worstHour: number
  /** Of the longest outage; null where none begins. */
  readonly byMonth: (number | null)[]
  readonly byHour: (number | null)[]
  readonly byMonthAndHour: (number | null)[][]
  readonly meanAutonomyHours: number
  readonly leastAutonomyHours: number
  /** Share of starts from which the longest outage is safe. */
  readonly longEnough: number
  readonly meanUnservedKwh: number
  readonly mostUnservedKwh: number
}

/** Probabilities that differ by less are equal: a case that is sure adds up to a little less than 1. */
const tolerance = 1e-12

/** Means, least values and tables of outages by their start. */
export function summarise(
  { starts, survival, unservedKwh }: OutageStarts,
  { grid, zone, confidence }: { readonly grid: TimeGrid; readonly zone: string; readonly confidence: number },
): OutageSummary {
  const hours = survival.length / starts.length
  const mean = new Array<number>(hours).fill(0)
  const least = new Array<number>(hours).fill(1)
  const cells = Array.from({ length: 12 }, () => Array.from({ length: 24 }, () => ({ sum: 0, count: 0 })))
  let worst = 0
  let autonomy = 0
  let leastAutonomy = hours
  let safe = 0
  for (let at = 0; at < starts.length; at += 1) {
    const row = survival.subarray(at * hours, (at + 1) * hours)
    let safeHours = 0
    row.forEach((value, hour) => {
      mean[hour]! += value
      least[hour] = Math.min(least[hour]!, value)
      if (value >= confidence - tolerance) safeHours = hour + 1
    })
    autonomy += safeHours
    leastAutonomy = Math.min(leastAutonomy, safeHours)
    if (safeHours === hours) safe += 1
    const last = row[hours - 1]!
    if (last < survival[(worst + 1) * hours - 1]! - tolerance) worst = at
    const { month, hour } = localParts(stepStartMs(grid, starts[at]!), zone)
    const cell = cells[month - 1]![hour]!
    cell.sum += last
    cell.count += 1
  }
  const meanOf = (own: readonly { sum: number; count: number }[]): number | null => {
    const count = own.reduce((total, cell) => total + cell.count, 0)
    return count === 0 ? null : Math.min(1, own.reduce((total, cell) => total + cell.sum, 0) / count)
  }
  return {
    mean: mean.map((sum) => Math.min(1, sum / starts.length)),
    least,
    worstHour: starts[worst]!,
    byMonth: cells.map(meanOf),
    byHour: Array.from({ length: 24 }, (_, hour) => meanOf(cells.map((month) => month[hour]!))),
    byMonthAndHour: cells.map((month) => month.map((cell) => meanOf([cell]))),
    meanAutonomyHours: autonomy / starts.length,
    leastAutonomyHours: leastAutonomy,
    longEnough: safe / starts.length,
    meanUnservedKwh: unservedKwh.reduce((sum, value) => sum + value, 0) / starts.length,
    mostUnservedKwh: unservedKwh.reduce((most, value) => Math.max(most, value), 0),
  }
}
