import type { Inventory, InventoryLine, ViewName } from './carbon-queries.ts'

/** A part of an inventory that opens into smaller ones, down to the rows. */
export interface InventoryNode {
  readonly id: string
  /** How it is named: a scope, a category of it, a place of a standard, or a row. */
  readonly name:
    | { readonly kind: 'scope'; readonly scope: number; readonly method?: 'location' | 'market' }
    | { readonly kind: 'category'; readonly scope: number; readonly category: string }
    | { readonly kind: 'place'; readonly code: string; readonly title: string; readonly why?: string }
    | { readonly kind: 'row'; readonly line: InventoryLine }
  readonly scope: number | undefined
  /** Undefined: nobody told. */
  readonly kg: number | undefined
  readonly halfWidthKg: number
  readonly rows: number
  readonly children: readonly InventoryNode[]
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0)

const rowOf = (line: InventoryLine, place: number): InventoryNode => ({
  id: `row ${place} ${line.id}`,
  name: { kind: 'row', line },
  scope: line.scope,
  kg: Number(line.massKgCo2e),
  halfWidthKg: (line.relative ?? 0) * Number(line.massKgCo2e),
  rows: line.rows,
  children: [],
})

/** The inventory as a standard sorts it; down to its rows where the run has them. */
export function inventoryTree(inventory: Inventory, view: ViewName): readonly InventoryNode[] {
  const rows = (inventory.lines ?? []).map(rowOf)
  const sorted = inventory.views?.find((one) => one.view === view)
  if (view === 'ghg-protocol' || !sorted) return scopes(inventory, rows)
  return sorted.entries.map((entry): InventoryNode => {
    // By market stands in a place of its own; the others have scope 2 by location.
    const isMarket = entry.code.includes('market')
    const own = new Set(entry.lines)
    const children = rows.filter(
      ({ name }) =>
        name.kind === 'row' &&
        own.has(name.line.id) &&
        (name.line.scope !== 2 || (name.line.method === 'market') === isMarket) &&
        (entry.scope === undefined || name.line.scope === entry.scope),
    )
    const why = entry.notation === undefined ? entry.why : [entry.notation, entry.why].filter(Boolean).join(': ')
    return {
      id: `place ${entry.code}`,
      name: { kind: 'place', code: entry.code, title: entry.title, ...(why === undefined ? {} : { why }) },
      scope: entry.scope ?? children[0]?.scope,
      kg: entry.massKgCo2e === null ? undefined : Number(entry.massKgCo2e),
      halfWidthKg: 0,
      rows: entry.rows,
      children,
    }
  })
}

function scopes({ totals }: Inventory, rows: readonly InventoryNode[]): readonly InventoryNode[] {
  const lineOf = ({ name }: InventoryNode): InventoryLine | undefined => (name.kind === 'row' ? name.line : undefined)
  const kinds = [
    { scope: 1 },
    { scope: 2, method: 'location' as const },
    { scope: 2, method: 'market' as const },
    { scope: 3 },
  ]
  return kinds.flatMap(({ scope, method }): readonly InventoryNode[] => {
    const own = totals.filter((total) => total.scope === scope && total.method === method)
    if (own.length === 0) return []
    const ownRows = rows.filter((row) => lineOf(row)?.scope === scope && lineOf(row)?.method === method)
    const categories = own.flatMap(({ category, massKgCo2e, halfWidthKg, rows: count }): readonly InventoryNode[] =>
      category === undefined
        ? []
        : [
            {
              id: `category ${scope} ${category}`,
              name: { kind: 'category', scope, category },
              ...{ scope, kg: Number(massKgCo2e), halfWidthKg, rows: count },
              children: ownRows.filter((row) => lineOf(row)?.category === category),
            },
          ],
    )
    return [
      {
        id: `scope ${scope} ${method ?? ''}`,
        name: { kind: 'scope', scope, ...(method === undefined ? {} : { method }) },
        scope,
        kg: sum(own.map(({ massKgCo2e }) => Number(massKgCo2e))),
        halfWidthKg: Math.hypot(...own.map(({ halfWidthKg }) => halfWidthKg)),
        rows: sum(own.map(({ rows: count }) => count)),
        children: categories.length > 0 ? categories : ownRows,
      },
    ]
  })
}

/** The newest run of each period, the earliest period first. */
export function onePerPeriod<Entry extends { readonly output: Pick<Inventory, 'period'> }>(
  newestFirst: readonly Entry[],
): readonly Entry[] {
  const periods = new Map<string, Entry>()
  for (const entry of newestFirst) {
    const { from, to } = entry.output.period
    const key = `${from} ${to}`
    if (!periods.has(key)) periods.set(key, entry)
  }
  return [...periods].toSorted(([a], [b]) => a.localeCompare(b)).map(([, entry]) => entry)
}

/** A factor's change against another year, as a share; undefined where there is nothing to hold it against. */
export const changeOf = (now: number, before: number): number | undefined =>
  before === 0 ? undefined : (now - before) / before
