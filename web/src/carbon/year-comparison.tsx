import { useCallback, useMemo } from 'react'
import { Diagram, type DiagramOption } from '../charts/diagram.tsx'
import { formatNumber } from '../format/numbers.ts'
import { useWords } from '../words/words.ts'
import type { Inventory } from './carbon-queries.ts'
import { changeOf } from './inventory-tree.ts'

interface YearComparisonProps {
  /** One inventory a period, the earliest first; two or more. */
  readonly inventories: readonly Inventory[]
}

const tonnes = (kg: string): number => Number(kg) / 1000

/** Inventories of several years beside each other, scope on scope, with the change against the year before. */
export function YearComparison({ inventories }: YearComparisonProps) {
  const { say } = useWords()
  const named = useMemo(
    () =>
      inventories.map((one) => ({
        name: one.period.from.endsWith('-01-01')
          ? one.period.from.slice(0, 4)
          : `${one.period.from} – ${one.period.to}`,
        tonnes: [tonnes(one.sums.scope1KgCo2e), tonnes(one.sums.scope2LocationKgCo2e), tonnes(one.sums.scope3KgCo2e)],
        tce: Number(one.energy.calorificTce),
      })),
    [inventories],
  )
  const option = useCallback(
    (paint: (token: string) => string): DiagramOption => ({
      grid: { left: 64, right: 12, top: 12, bottom: 28 },
      tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' } },
      xAxis: { type: 'category', data: named.map(({ name }) => name) },
      yAxis: { type: 'value', name: 't CO₂e' },
      series: [1, 2, 3].map((scope, k) => ({
        ...{ type: 'bar', stack: 'all', barMaxWidth: 56, name: say('carbon.scope', { scope }) },
        itemStyle: { color: paint(`scope-${scope}`) },
        data: named.map((one) => one.tonnes[k]),
      })),
    }),
    [named, say],
  )
  return (
    <section className="carbon-years" aria-label={say('carbon.years')}>
      <h3>{say('carbon.years')}</h3>
      <Diagram
        title={say('carbon.years')}
        summary={named
          .map(({ name, tonnes: all }) => `${name}: ${formatNumber(all.reduce((a, b) => a + b, 0))} t`)
          .join('; ')}
        heightPx={200}
        option={option}
      />
      <ul className="carbon-changes">
        {named.slice(1).map((one, k) => {
          const before = named[k]
          const all = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
          const change = before && changeOf(all(one.tonnes), all(before.tonnes))
          return (
            <li key={one.name}>
              {say('carbon.change', {
                year: one.name,
                before: before?.name ?? '',
                change: change === undefined ? '–' : `${change > 0 ? '+' : ''}${formatNumber(100 * change, 3)} %`,
              })}
            </li>
          )
        })}
      </ul>
    </section>
  )
}
