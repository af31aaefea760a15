import type { LinearModel, Solution } from '../../kernel/index.ts'
import type { ColumnTerms } from './column-terms.ts'
import type { FixedPlan } from './fixed-plan.ts'
import { type Limit, limitsOf, nudge } from './limits.ts'

/** Rows and columns that stand together for one thing a person can name. */
export interface Group {
  readonly kind: 'limit' | 'machine' | 'wish'
  /** Of a limit: the number in the site file. */
  readonly limit?: Limit
  readonly asset: string
  /** Of a wish: which. */
  readonly wish?: string
  /** Block of the model, for groups that no number of the site file stands for. */
  readonly block?: string
  readonly rows: ReadonlySet<number>
  readonly columns: ReadonlySet<number>
}

/** Bounds of a linear program, which groups let go. */
export interface Bounds {
  readonly columnLower: Float64Array
  readonly columnUpper: Float64Array
  readonly rowLower: Float64Array
  readonly rowUpper: Float64Array
}

/** Lets the limits of a group go: its rows bind nothing, its columns may be as large as they like. */
export function letGo({ columnUpper, rowLower, rowUpper }: Bounds, { rows, columns }: Group): void {
  for (const column of columns) columnUpper[column] = Number.POSITIVE_INFINITY
  for (const row of rows) {
    rowLower[row] = Number.NEGATIVE_INFINITY
    rowUpper[row] = Number.POSITIVE_INFINITY
  }
}

/** Rows and columns whose numbers move with a limit. */
function touchedBy(model: LinearModel, other: LinearModel): Pick<Group, 'rows' | 'columns'> | undefined {
  if (other.rowCount !== model.rowCount || other.columnCount !== model.columnCount) return undefined
  if (other.coefficient.length !== model.coefficient.length) return undefined
  const columns = new Set<number>()
  const rows = new Set<number>()
  for (let j = 0; j < model.columnCount; j += 1) {
    if (other.columnUpper[j] !== model.columnUpper[j]) columns.add(j)
  }
  for (let i = 0; i < model.rowCount; i += 1) {
    if (other.rowLower[i] !== model.rowLower[i] || other.rowUpper[i] !== model.rowUpper[i]) rows.add(i)
    for (let at = model.rowStart[i]!; at < model.rowStart[i + 1]!; at += 1) {
      if (other.coefficient[at] !== model.coefficient[at]) rows.add(i)
    }
  }
  return rows.size + columns.size === 0 ? undefined : { rows, columns }
}

const ownerOrder: readonly RegExp[] = [
  /capacityKwp$/,
  /ratedKw$/,
  /capacityKwh$/,
  /max\w+Kw$/,
  /limitKw$/i,
  /importKw$/,
]

/** The later, the more a person would like to hear of it: what is listed first is let go first. */
const rankOf = ({ limit }: Group): number => {
  const rank = ownerOrder.findIndex((pattern) => limit && pattern.test(limit.field))
  return rank < 0 ? ownerOrder.length : rank
}

/** Limits that bind in a solution of the phase that looks for what is missing. */
export function bindingGroups(
  plan: FixedPlan,
  terms: ColumnTerms,
  { model, solution, reducedCosts, bounds }: Phase,
): Group[] {
  const dust = 1e-7
  const rows = new Set<number>()
  const columns = new Set<number>()
  for (let i = 0; i < model.rowCount; i += 1) if (Math.abs(solution.rowDuals[i]!) > dust) rows.add(i)
  for (let j = 0; j < model.columnCount; j += 1) {
    const atUpper = reducedCosts[j]! < -dust && Number.isFinite(bounds.columnUpper[j]!)
    if (atUpper || (reducedCosts[j]! > dust && bounds.columnLower[j]! > 0)) columns.add(j)
  }
  const claimedRows = new Set<number>()
  const claimedColumns = new Set<number>()
  const limits = limitsOf(plan).flatMap((limit): Group[] => {
    if (limit.path.startsWith('wishes.')) return []
    const { model: other } = plan.pin(limit.enlarged(plan, nudge(limit)))
    const touched = touchedBy(plan.model, other)
    if (!touched) return []
    const binds = [...touched.rows].some((row) => rows.has(row)) || [...touched.columns].some((j) => columns.has(j))
    if (!binds) return []
    for (const row of touched.rows) claimedRows.add(row)
    for (const column of touched.columns) claimedColumns.add(column)
    return [{ kind: 'limit', limit, asset: limit.asset ?? plan.frame.site.id, ...touched }]
  })
  const others = new Map<
    string,
    { asset: string; block: string; rows: Set<number>; columns: Set<number>; wish?: string }
  >()
  const other = (block: string, column: number) => {
    const { asset, wish } = terms.of[column]!
    const group = others.get(block) ?? { asset, block, rows: new Set(), columns: new Set(), ...(wish ? { wish } : {}) }
    others.set(block, group)
    return group
  }
  for (const column of columns) {
    if (claimedColumns.has(column)) continue
    const { name, wish } = terms.of[column]!
    // A wish is let go as a whole: in every step.
    const group = other(name, column)
    if (wish === undefined) group.columns.add(column)
    else for (let j = 0; j < terms.of.length; j += 1) if (terms.of[j]!.name === name) group.columns.add(j)
  }
  for (const row of rows) {
    if (claimedRows.has(row) || model.rowLower[row] === model.rowUpper[row]) continue
    const name = plan.named.rowName(row).replace(/\[\d+\]$/, '')
    other(name, model.columnIndex[model.rowStart[row]!]!).rows.add(row)
  }
  const rest = [...others.values()].map(
    (group): Group => ({ ...group, kind: group.wish === undefined || group.rows.size > 0 ? 'machine' : 'wish' }),
  )
  return [...rest, ...limits].sort((a, b) => rankOf(a) - rankOf(b))
}

/** A solved linear program that looks how little of a wish must be missed. */
export interface Phase {
  readonly model: LinearModel
  readonly bounds: Bounds
  readonly solution: Solution
  readonly reducedCosts: Float64Array
}
