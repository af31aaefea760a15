import type { Problem } from '../../../src/kernel/index.ts'
import { peerErrors } from '../errors.ts'
import { numberOf, type Table } from './table.ts'

/** An investment period: a run of snapshots with the weight of its years. */
export interface Period {
  readonly name: number
  /** First and one past the last snapshot. */
  readonly first: number
  readonly end: number
  /** Weight in the objective. */
  readonly objective: number
  /** Years that the period stands for, in limits over the horizon. */
  readonly years: number
}

/** Snapshots with their weightings, in hours each. */
export interface Snapshots {
  readonly count: number
  /** Weight of a snapshot's costs, that of its period included. */
  readonly objective: Float64Array
  /** Hours that storage passes. */
  readonly stores: Float64Array
  /** Hours that generation lasts, in limits on energy. */
  readonly generators: Float64Array
  /** One period that has no name (NaN) when the network invests once. */
  readonly periods: readonly Period[]
  readonly invests: 'once' | 'in periods'
}

/** Reads `snapshots.csv` and, for several investment periods, `investment_periods.csv`. Faults go to `problems`. */
export function readSnapshots(
  table: Table | undefined,
  periodTable: Table | undefined,
  problems: Problem[],
): Snapshots {
  const count = table?.rows.length ?? 0
  const bad = (line: number, path: string, found: string, file = 'snapshots.csv'): void => {
    problems.push(
      peerErrors.badValue.problem({
        detail: `The weight ${path} cannot be used`,
        place: { file, line, path },
        found,
        expected: 'a finite number',
      }),
    )
  }
  if (count === 0)
    problems.push(peerErrors.malformed.problem({ detail: 'There is no snapshot', place: { file: 'snapshots.csv' } }))
  const column = (name: string): Float64Array => {
    const at = Math.max(table?.columns.indexOf(name) ?? -1, table?.columns.indexOf('weightings') ?? -1)
    return Float64Array.from({ length: count }, (_, t) => {
      const cell = at < 0 ? '' : (table?.rows[t]?.[at] ?? '')
      const value = numberOf(cell) ?? 1
      if (!Number.isFinite(value)) bad(t + 2, name, cell)
      return value
    })
  }
  const objective = column('objective')
  const periodAt = table?.columns.indexOf('period') ?? -1
  const invests = periodTable !== undefined && periodTable.rows.length > 0 && periodAt >= 0 ? 'in periods' : 'once'
  const periods = invests === 'once' ? [once(count)] : readPeriods(table!, periodAt, periodTable!)
  for (const { first, end, objective: weight } of periods) for (let t = first; t < end; t += 1) objective[t]! *= weight
  return { count, objective, stores: column('stores'), generators: column('generators'), periods, invests }

  function readPeriods(rows: Table, at: number, weights: Table): Period[] {
    const number = (line: number, name: string, fallback: number): number => {
      const cell = weights.rows[line]?.[weights.columns.indexOf(name)] ?? ''
      const value = numberOf(cell) ?? fallback
      if (!Number.isFinite(value)) bad(line + 2, name, cell, weights.file)
      return value
    }
    const out: Period[] = []
    let first = 0
    for (let t = 1; t <= rows.rows.length; t += 1) {
      const name = rows.rows[first]?.[at] ?? ''
      if (t < rows.rows.length && rows.rows[t]?.[at] === name) continue
      const line = weights.rows.findIndex((cells) => Number(cells[0]) === Number(name))
      const problem = line < 0 || out.some((period) => period.name === Number(name))
      if (problem) bad(first + 2, 'period', name)
      out.push({
        name: Number(name),
        first,
        end: t,
        objective: line < 0 ? 1 : number(line, 'objective', 1),
        years: line < 0 ? 1 : number(line, 'years', 1),
      })
      first = t
    }
    return out
  }
}

const once = (count: number): Period => ({ name: Number.NaN, first: 0, end: count, objective: 1, years: 1 })
