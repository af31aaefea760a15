import type { FixedPlan } from './fixed-plan.ts'
import { factorise } from './sparse-factors.ts'

/** How much every column changes for one more kW that is drawn from a bus in a step, by column; columns that stay are absent. */
export type Response = ReadonlyMap<number, number>

/**
 * How a plan meets one more kW. At the corner where a linear program ends, as many columns are free to move as rows hold
 * them; the columns of B⁻¹ say how they move when a row asks for one unit more, and what that costs is its dual, exactly:
 * y = c_B B⁻¹ (Chvátal 1983, Linear Programming, chapter 7).
 *
 * @returns nothing where the solver told no corner, or one that is singular
 */
export function createResponses({ model, basis }: FixedPlan): ((row: number) => Response) | undefined {
  if (!basis) return undefined
  const isBasic = (statuses: string, index: number): boolean => statuses[index] === '1'
  const columns: number[] = []
  const placeOf = new Int32Array(model.columnCount).fill(-1)
  for (let j = 0; j < model.columnCount; j += 1) {
    if (!isBasic(basis.columns, j)) continue
    placeOf[j] = columns.length
    columns.push(j)
  }
  const matrix: Map<number, number>[] = []
  const rowPlace = new Int32Array(model.rowCount).fill(-1)
  for (let i = 0; i < model.rowCount; i += 1) {
    if (isBasic(basis.rows, i)) continue
    const entries = new Map<number, number>()
    for (let at = model.rowStart[i]!; at < model.rowStart[i + 1]!; at += 1) {
      const place = placeOf[model.columnIndex[at]!]!
      const value = model.coefficient[at]!
      if (place >= 0 && value !== 0) entries.set(place, value)
    }
    rowPlace[i] = matrix.length
    matrix.push(entries)
  }
  if (matrix.length !== columns.length) return undefined
  const factors = factorise(matrix)
  if (!factors) return undefined
  return (row) => {
    const place = rowPlace[row]!
    // A row with room to spare meets one unit more by that room.
    if (place < 0) return new Map()
    const changes = factors.solveUnit(place)
    const response = new Map<number, number>()
    changes.forEach((change, index) => {
      if (change !== 0) response.set(columns[index]!, change)
    })
    return response
  }
}
