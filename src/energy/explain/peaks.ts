import { stepStartMs } from '../../kernel/index.ts'
import type { PeakWorth } from '../schema/index.ts'
import type { ColumnTerms } from './column-terms.ts'
import type { FixedPlan } from './fixed-plan.ts'

/** Demand charges that the plan raises, and the intervals that set them: the duals of the rows that hold the peak up. */
export function peaksOf({ named, model, solution, frame }: FixedPlan, terms: ColumnTerms): PeakWorth[] {
  const peaks = new Map<string, { asset: string; worth: Map<number, number> }>()
  named.layout.rows.forEach(({ name, first }, index) => {
    const [, asset, charge] = /^(.+?)\.peak\.(.+)$/.exec(name) ?? []
    if (asset === undefined || charge === undefined) return
    const end = named.layout.rows[index + 1]?.first ?? model.rowCount
    for (let row = first; row < end; row += 1) {
      const dual = solution.rowDuals[row]!
      const step = terms.stepOfRow[row]!
      if (Math.abs(dual) < 1e-3 || step < 0) continue
      const peak = peaks.get(charge) ?? { asset, worth: new Map() }
      peak.worth.set(step, (peak.worth.get(step) ?? 0) + dual)
      peaks.set(charge, peak)
    }
  })
  return [...peaks].map(([name, { asset, worth }]) => ({
    name,
    asset,
    steps: [...worth]
      .sort(([a], [b]) => a - b)
      .map(([step, worthPerKw]) => ({ atMs: stepStartMs(frame.grid, step), worthPerKw })),
  }))
}
