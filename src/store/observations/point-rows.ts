import type { SqlRow } from '../sql.ts'
import type { CounterRules } from './counter-rise.ts'
import type { PointRules, StoredPoint } from './observation-tables.ts'

/** A row of the table of points, in either engine. */
export function toPoint(row: SqlRow): StoredPoint {
  return {
    id: Number(row.id),
    site: String(row.site),
    name: String(row.name),
    unit: String(row.unit),
    rules: rulesIn(row),
  }
}

export function countersOf(rows: readonly SqlRow[]): ReadonlyMap<number, CounterRules> {
  return new Map(
    rows.flatMap((row) => {
      const { counter } = rulesIn(row)
      return counter ? [[Number(row.id), counter] as const] : []
    }),
  )
}

const rulesIn = (row: SqlRow): PointRules => JSON.parse(String(row.rules ?? '{}')) as PointRules
