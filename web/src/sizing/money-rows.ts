/** A row of a table of cash: one number a year, year 0 first. */
export type CashRow = Readonly<Record<string, number>>

/** What a row of the table is about. */
export const moneyGroups = ['build', 'renew', 'upkeep', 'energy', 'carbon', 'tax', 'debt'] as const
export type MoneyGroup = (typeof moneyGroups)[number]

const groupOfKind: Readonly<Record<string, MoneyGroup>> = {
  capex: 'build',
  subsidy: 'build',
  replacement: 'renew',
  salvage: 'renew',
  opex: 'upkeep',
  energy: 'energy',
  carbon: 'carbon',
  tax: 'tax',
  debt: 'debt',
  interest: 'debt',
  'interest-tax-shield': 'debt',
  repayment: 'debt',
}

/** The group of a column `<item>.<kind>`; undefined for the year and the total. */
export const groupOf = (column: string): MoneyGroup | undefined =>
  column.includes('.') ? groupOfKind[column.slice(column.lastIndexOf('.') + 1)] : undefined

/** What every group brings or takes in every year; groups that never do are left out. */
export function groupedCash(table: readonly CashRow[]): ReadonlyMap<MoneyGroup, readonly number[]> {
  const sums = new Map(moneyGroups.map((group) => [group, table.map(() => 0)]))
  table.forEach((row, year) => {
    for (const [column, amount] of Object.entries(row)) {
      const of = sums.get(groupOf(column) as MoneyGroup)
      if (of) of[year] = (of[year] ?? 0) + amount
    }
  })
  return new Map([...sums].filter(([, amounts]) => amounts.some((amount) => Math.abs(amount) > 0.005)))
}

/** The total of all years until each. */
export const cumulative = (table: readonly CashRow[]): readonly number[] => {
  let sum = 0
  return table.map(({ total = 0 }) => {
    sum += total
    return sum
  })
}
