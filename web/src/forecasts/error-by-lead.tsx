import { useCallback } from 'react'
import { Diagram, type DiagramOption } from '../charts/diagram.tsx'
import { formatNumber, show } from '../format/numbers.ts'
import { useWords } from '../words/words.ts'
import { tokenOf } from './compared-spec.ts'
import type { Quantity } from './forecast-queries.ts'

/** The mean error by how far ahead was foreseen; a lead with too few pairs has no bar. */
export function ErrorByLead({ quantity, lead }: { readonly quantity: Quantity; readonly lead: number }) {
  const { say } = useWords()
  const { leads, unit } = quantity
  const option = useCallback(
    (paint: (token: string, share?: number) => string): DiagramOption => ({
      grid: { left: 56, right: 12, top: 28, bottom: 28 },
      xAxis: {
        type: 'category',
        data: leads.map(({ leadHours, mae }) =>
          mae === null
            ? `${say('forecasts.hours', { hours: leadHours })}\n–`
            : say('forecasts.hours', { hours: leadHours }),
        ),
      },
      yAxis: {
        type: 'value',
        name: unit,
        splitNumber: 4,
        axisLabel: { formatter: (value: number) => formatNumber(value) },
      },
      series: [
        {
          name: say('forecasts.mae'),
          type: 'bar',
          barMaxWidth: 36,
          data: leads.map(({ leadHours, mae }) => ({
            value: mae,
            itemStyle: { color: leadHours === lead ? paint(tokenOf(quantity)) : paint(tokenOf(quantity), 0.45) },
          })),
          label: {
            show: true,
            position: 'top',
            color: paint('ink-soft'),
            formatter: ({ value }: { readonly value: number | null }) => (value === null ? '' : formatNumber(value, 3)),
          },
        },
      ],
    }),
    [leads, unit, lead, quantity, say],
  )
  const known = leads.filter(({ mae }) => mae !== null)
  const summary = known
    .map(({ leadHours, mae }) => {
      const { text, unit: own } = show(mae ?? 0, unit)
      return `${say('forecasts.hours', { hours: leadHours })}: ${text} ${own}`
    })
    .join(', ')
  return (
    <Diagram
      title={say('forecasts.byLead')}
      summary={summary === '' ? say('forecasts.worstUnknown') : summary}
      heightPx={232}
      option={option}
    />
  )
}
