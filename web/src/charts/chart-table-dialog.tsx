import { useState } from 'react'
import { formatNumber } from '../format/numbers.ts'
import { dayAndTime } from '../format/times.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Pagination } from '../ui/pagination.tsx'
import { useWords } from '../words/words.ts'
import type { ChartTable } from './chart-table.ts'

interface ChartTableDialogProps {
  readonly title: string
  readonly table: ChartTable
  readonly zone: string
  onClose(): void
}

const pageSize = 96

/** The numbers of a chart, for those who would read them or cannot see it. */
export function ChartTableDialog({ title, table: { columns, rows }, zone, onClose }: ChartTableDialogProps) {
  const { say, language } = useWords()
  const [page, setPage] = useState(0)
  const written = (value: string | number | null, kind: string | undefined): string =>
    value === null
      ? '–'
      : typeof value === 'string'
        ? value
        : kind === 'time'
          ? dayAndTime(value, zone, language)
          : formatNumber(value)
  const firstRow = page * pageSize
  return (
    <Dialog title={title} wide onClose={onClose}>
      {rows.length === 0 ? (
        <p className="quiet">{say('charts.noRows')}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
        <section className="wide-table" aria-label={title} tabIndex={0}>
          <table className="data-table chart-table">
            <caption className="visually-hidden">{title}</caption>
            <thead>
              <tr>
                {columns.map(({ title: head, unit, kind }) => (
                  <th key={head} scope="col" data-numeric={kind === 'number'}>
                    {head} {unit && <span className="unit">{unit}</span>}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.slice(firstRow, firstRow + pageSize).map((row, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: rows never change places
                <tr key={firstRow + index}>
                  {row.map((value, k) =>
                    k === 0 ? (
                      // biome-ignore lint/suspicious/noArrayIndexKey: nor do columns
                      <th key={k} scope="row">
                        {written(value, columns[k]?.kind)}
                      </th>
                    ) : (
                      // biome-ignore lint/suspicious/noArrayIndexKey: nor do columns
                      <td key={k} data-numeric={columns[k]?.kind === 'number'}>
                        {written(value, columns[k]?.kind)}
                      </td>
                    ),
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {rows.length > pageSize && (
        <Pagination label={title} {...{ page, pageSize }} total={rows.length} onChange={setPage} />
      )}
    </Dialog>
  )
}
