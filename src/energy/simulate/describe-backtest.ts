import type { BacktestOutput } from '../schema/index.ts'

/** A backtest as a table for people. */
export function describeBacktest({ site, start, days, currency, forecast, runs, notes }: BacktestOutput): string {
  const head = [
    '',
    `total ${currency}`,
    'bill',
    'wear',
    'kg CO2e',
    'peak kW',
    'unserved kWh',
    'plans',
    'kept',
    'above perfect',
    'below rule',
  ]
  const share = (value: number | null): string =>
    value === null ? '' : `${(Math.round(1000 * value) / 10 + 0).toFixed(1)} %`
  const rows = runs.map((run) => [
    run.controller,
    run.cost.total.toFixed(0),
    run.bill ? run.bill.total.toFixed(0) : '',
    run.cost.wear.toFixed(0),
    run.emissionsKgCo2e.toFixed(0),
    run.highestImportKw.toFixed(0),
    run.unservedKwh.toFixed(1),
    `${run.replans}`,
    `${run.kept + run.ruled}`,
    run.controller === 'perfect' ? '' : share(run.regret),
    run.controller === 'rule' ? '' : share(run.savedAgainstRule),
  ])
  const table = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...table.map((row) => row[column]!.length)))
  const lines = table.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  '),
  )
  return [`${site}, ${days} days from ${start}, forecast ${forecast}`, '', ...lines, '', ...notes].join('\n')
}
