import type { BillOutput } from '../energy/index.ts'
import { formatNumber, table, wrap } from './layout.ts'

type Statement = BillOutput['statements'][number]
type Line = Statement['lines'][number]

/** How lines are called; what the tariff names stands beside it. */
const lineNames: Readonly<Record<string, string>> = {
  'energy.time-of-use': 'energy',
  'energy.spot': 'energy at spot, mean price',
  'energy.fee': 'energy',
  'energy.tier': 'block',
  'net-metering.netted': 'taken off by export',
  'net-metering.surplus': 'surplus, paid',
  'net-metering.carried': 'surplus, carried over',
  demand: 'demand',
  'demand.block': 'demand block',
  'demand.contract': 'demand by contract',
  'demand.measured': 'demand above it',
  'demand.excess': 'demand in excess',
  capacity: 'capacity',
  'fixed.month': 'fixed',
  'fixed.day': 'fixed',
  'fixed.year': 'fixed',
  'power-factor': 'power factor',
  surcharge: 'surcharge',
  tax: 'tax',
  minimum: 'up to the minimum',
  'export.time-of-use': 'export',
  'export.spot': 'export at spot, mean price',
  'export.fee': 'export',
}

const nameOf = ({ code, name, period }: Line): string =>
  [lineNames[code] ?? code, name, period].filter((part) => part !== '').join(' · ')

const isShare = (line: Line): boolean => line.kind === 'tax' || line.kind === 'power-factor'

const rateOf = (line: Line): string =>
  isShare(line) ? `${formatNumber(line.rate * 100, 2)} %` : formatNumber(line.rate, 4)

function statement(bill: Statement, currency: string): readonly string[] {
  const part = bill.covered < 1 ? `, ${formatNumber(bill.covered * 100)} % of the month` : ''
  const rows = bill.lines.map((line) => [
    nameOf(line),
    formatNumber(line.quantity, line.unit === 'month' || line.unit === 'year' ? 2 : 1),
    line.unit,
    rateOf(line),
    formatNumber(line.amount, 2),
  ])
  const price =
    bill.effectivePricePerKwh === null ? '' : `${formatNumber(bill.effectivePricePerKwh, 4)} ${currency}/kWh`
  return [
    '',
    `${bill.month}: ${bill.start.slice(0, 10)} to ${bill.end.slice(0, 10)}${part}`,
    ...table(
      ['', 'quantity', 'unit', 'rate', currency],
      [...rows, ['total', '', '', price, formatNumber(bill.total, 2)]],
    ),
  ]
}

function beside(bill: BillOutput): readonly string[] {
  if (bill.emissionsKgCo2e === 0) return []
  const cost =
    bill.carbonCost === 0 ? '' : `, ${formatNumber(bill.carbonCost, 2)} ${bill.currency} at the site’s carbon price`
  return ['', `Beside the bill: ${formatNumber(bill.emissionsKgCo2e)} kgCO2e${cost}`]
}

function compared({ compared: other, currency, total }: BillOutput): readonly string[] {
  if (!other) return []
  return [
    '',
    'With the changes',
    ...table(
      ['', currency],
      [
        ['as it is', formatNumber(total, 2)],
        ['with the changes', formatNumber(other.total, 2)],
        ['difference', formatNumber(other.difference, 2)],
      ],
    ),
  ]
}

/** A bill for a person at a terminal: every month line by line, the comparison, what to know. */
export function showBill(bill: BillOutput): string {
  const reasons = bill.reasons.map((reason) => `  - ${wrap(reason.text, 96, '    ')}`)
  const sum =
    bill.statements.length > 1
      ? ['', `All ${bill.statements.length} bills: ${formatNumber(bill.total, 2)} ${bill.currency}`]
      : []
  return [
    `Bill of ${bill.site}, ${bill.start.slice(0, 10)} to ${bill.end.slice(0, 10)}: ${formatNumber(bill.total, 2)} ${bill.currency}`,
    ...bill.statements.flatMap((each) => statement(each, bill.currency)),
    ...sum,
    ...beside(bill),
    ...compared(bill),
    ...(reasons.length > 0 ? ['', 'To know', ...reasons] : []),
  ].join('\n')
}
