import { type ReactNode, useState } from 'react'

export interface Column<Row> {
  readonly id: string
  readonly title: ReactNode
  /** Numbers stand at the right. */
  readonly numeric?: boolean
  cell(row: Row): ReactNode
  /** What rows are ordered by when the head of the column is pressed; absent: it cannot be. */
  sortBy?(row: Row): string | number | undefined
}

interface DataTableProps<Row> {
  readonly caption: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  keyOf(row: Row): string
  /** Said instead of rows where there are none. */
  readonly empty: ReactNode
}

interface Order {
  readonly column: string
  readonly descending: boolean
}

/** Rows of one kind, ordered by any column that can be. */
export function DataTable<Row>({ caption, columns, rows, keyOf, empty }: DataTableProps<Row>) {
  const [order, setOrder] = useState<Order>()
  const by = columns.find(({ id }) => id === order?.column)?.sortBy
  const shown = by && order ? rows.toSorted((a, b) => (order.descending ? -1 : 1) * compare(by(a), by(b))) : rows
  return (
    <div className="wide-table">
      <table className="data-table">
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ id, title, numeric, sortBy }) => {
              const own = order?.column === id ? order : undefined
              return (
                <th
                  key={id}
                  scope="col"
                  data-numeric={numeric}
                  aria-sort={own ? (own.descending ? 'descending' : 'ascending') : undefined}
                >
                  {sortBy ? (
                    <button
                      type="button"
                      className="sort"
                      onClick={() => setOrder({ column: id, descending: own ? !own.descending : numeric === true })}
                    >
                      {title}
                    </button>
                  ) : (
                    title
                  )}
                </th>
              )
            })}
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map(({ id, numeric, cell }) => (
                <td key={id} data-numeric={numeric}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length === 0 && <p className="quiet table-empty">{empty}</p>}
    </div>
  )
}

/** Unknown stands last in either order of letters, first when descending. */
function compare(a: string | number | undefined, b: string | number | undefined): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1
  return typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b))
}
