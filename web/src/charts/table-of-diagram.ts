import type { ChartTable } from './chart-table.ts'

/** What of the words of ECharts this reads: axes of categories, and series with data. */
interface Readable {
  readonly xAxis?: Axis | readonly Axis[]
  readonly yAxis?: Axis | readonly Axis[]
  readonly series?: Series | readonly Series[]
}
interface Axis {
  readonly type?: string
  readonly name?: string
  readonly data?: readonly unknown[]
}
interface Series {
  readonly name?: string
  readonly data?: readonly unknown[]
}

interface Titles {
  readonly group: string
  readonly value: string
}

const first = <T>(one: T | readonly T[] | undefined): T | undefined =>
  Array.isArray(one) ? (one as readonly T[])[0] : (one as T | undefined)
const all = <T>(one: T | readonly T[] | undefined): readonly T[] =>
  one === undefined ? [] : Array.isArray(one) ? (one as readonly T[]) : [one as T]
const textOf = (value: unknown): string =>
  typeof value === 'object' && value !== null && 'value' in value ? String(value.value) : String(value ?? '')

/** The numbers of a mark: its value, or the parts of it. */
function partsOf(item: unknown): readonly (string | number | null)[] {
  const value = typeof item === 'object' && item !== null && 'value' in item ? item.value : item
  return (Array.isArray(value) ? value : [value]).map((part) =>
    typeof part === 'number' ? (Number.isFinite(part) ? part : null) : typeof part === 'string' ? part : null,
  )
}

/**
 * The table of a diagram as far as its option tells it: with categories a row each and a column a series, else a row a mark. A
 * diagram that says more (own drawings) gives its table itself.
 */
export function tableOfDiagram(option: object, titles: Titles): ChartTable {
  const { xAxis, yAxis, series } = option as Readable
  const [x, y] = [first(xAxis), first(yAxis)]
  const drawn = all(series).filter(({ data }) => data !== undefined && data.length > 0)
  const flat = drawn.every(({ data = [] }) => data.every((item) => partsOf(item).length === 1))
  const categories = x?.data ?? y?.data
  if (categories && flat) {
    return {
      columns: [
        { title: (x?.data ? x.name : y?.name) ?? titles.group, kind: 'text' },
        ...drawn.map(({ name }) => ({ title: name ?? titles.value, kind: 'number' as const })),
      ],
      rows: categories.map((category, k) => [
        textOf(category),
        ...drawn.map(({ data }) => partsOf(data?.[k])[0] ?? null),
      ]),
    }
  }
  const width = Math.max(1, ...drawn.flatMap(({ data = [] }) => data.slice(0, 50).map((item) => partsOf(item).length)))
  const axes = [x, y]
  const named = (value: string | number | null, axis: Axis | undefined): string | number | null =>
    typeof value === 'number' && axis?.data ? textOf(axis.data[value]) : value
  return {
    columns: [
      { title: titles.group, kind: 'text' },
      ...Array.from({ length: width }, (_, k) => ({
        title: axes[k]?.name ?? (k === 0 && width > 1 ? 'x' : k === 1 && width > 1 ? 'y' : titles.value),
        kind: axes[k]?.data ? ('text' as const) : ('number' as const),
      })),
    ],
    rows: drawn.flatMap(({ name, data = [] }) =>
      data.map((item) => {
        const parts = partsOf(item)
        return [name ?? '', ...Array.from({ length: width }, (_, k) => named(parts[k] ?? null, axes[k]))]
      }),
    ),
  }
}
