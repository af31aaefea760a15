import type { AbatementOutput } from '../carbon/index.ts'
import { formatNumber, table, wrap } from './layout.ts'

/** Columns of the longest bar. */
const widest = 24

/** An abatement cost curve for a person at a terminal: a line a bar, as long as the tonnes it avoids. */
export function showCurve(output: AbatementOutput): string {
  const { bars, currency, total, left, reasons } = output
  const most = Math.max(0, ...bars.map(({ avoidedTonnesPerYear }) => avoidedTonnesPerYear))
  const rows = bars.map((bar) => [
    `${bar.rank}. ${bar.title}`,
    formatNumber(bar.avoidedTonnesPerYear, 1),
    formatNumber(bar.costPerTonne),
    formatNumber(bar.alone?.avoidedTonnesPerYear, 1),
    formatNumber(bar.costPerYear),
    formatNumber(bar.capex),
  ])
  const together = [
    'together',
    formatNumber(total.avoidedTonnesPerYear, 1),
    formatNumber(total.costPerTonne),
    formatNumber(total.aloneTonnesPerYear, 1),
    formatNumber(total.costPerYear),
    formatNumber(total.capex),
  ]
  const head = ['', 't a year', `${currency}/t`, 'alone, t', `${currency} a year`, `${currency} once`]
  const drawn = table(head, [...rows, together]).map((line, k) => {
    const bar = bars[k - 2]
    return bar ? `${line}  ${'█'.repeat(Math.max(1, Math.round((widest * bar.avoidedTonnesPerYear) / most)))}` : line
  })
  const told = [...left, ...reasons].map(({ text }) => `  - ${wrap(text, 96, '    ')}`)
  return [
    `${output.site} in ${output.year}: ${formatNumber(output.startTonnesPerYear, 1)} t a year, ${formatNumber(output.endTonnesPerYear, 1)} t with all bars (${output.electricity} factors)`,
    ...(bars.length === 0 ? [] : ['', ...drawn]),
    '',
    ...told,
    ...(output.synthetic ? ['  - The weather is made up from normals.'] : []),
  ].join('\n')
}
