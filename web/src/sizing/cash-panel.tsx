import { useCallback } from 'react'
import { Diagram } from '../charts/diagram.tsx'
import { showMoney } from '../format/numbers.ts'
import { useWords } from '../words/words.ts'
import type { Design } from './designs.ts'
import { cashOption } from './diagrams.ts'
import { cumulative, groupedCash } from './money-rows.ts'

interface CashPanelProps {
  readonly design: Design
  readonly currency: string
}

/** What every year brings and takes, as bars, as a line of their sum, and as a table. */
export function CashPanel({ design, currency }: CashPanelProps) {
  const { say } = useWords()
  const table = design.economics.cashFlow
  const option = useCallback(
    (paint: Parameters<ReturnType<typeof cashOption>>[0]) =>
      cashOption(table, (group) => say(`sizing.cash.${group}`))(paint),
    [table, say],
  )
  const sums = cumulative(table)
  const groups = [...groupedCash(table)]
  const last = showMoney(sums.at(-1) ?? 0, currency)
  return (
    <div className="sizing-diagram">
      <Diagram
        title={`${say('sizing.cash')}, ${currency}`}
        summary={say('sizing.cashSays', { years: table.length - 1, sum: `${last.text} ${last.unit}` })}
        heightPx={300}
        option={option}
      />
      <details className="sizing-more">
        <summary>{say('sizing.table')}</summary>
        <div className="wide-table sizing-scroll">
          <table className="data-table">
            <caption className="visually-hidden">{say('sizing.cash')}</caption>
            <thead>
              <tr>
                <th scope="col">{say('sizing.year')}</th>
                {groups.map(([group]) => (
                  <th key={group} scope="col" data-numeric>
                    {say(`sizing.cash.${group}`)}
                  </th>
                ))}
                <th scope="col" data-numeric>
                  {say('sizing.cash.sum')}
                </th>
              </tr>
            </thead>
            <tbody>
              {sums.map((sum, year) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a year is its place
                <tr key={year}>
                  <th scope="row">{year}</th>
                  {groups.map(([group, amounts]) => (
                    <td key={group} data-numeric>
                      {showMoney(amounts[year] ?? 0, '').text}
                    </td>
                  ))}
                  <td data-numeric>{showMoney(sum, '').text}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </div>
  )
}
