import { type CashRow, groupOf, type MoneyGroup } from './money-rows.ts'

/** What is varied. */
export const drivers = ['capex', 'energy', 'discount', 'upkeep', 'carbon'] as const
export type Driver = (typeof drivers)[number]

/** The worth of a design when one thing is a fifth less, and a fifth more. */
export interface Swing {
  readonly driver: Driver
  readonly low: number
  readonly high: number
}

export const swingShare = 0.2

/** Rows that the worth of a design counts: before tax and debt, as the engine does. */
const counted: ReadonlySet<MoneyGroup | undefined> = new Set(['build', 'renew', 'upkeep', 'energy', 'carbon'])
const driverOf: Readonly<Partial<Record<MoneyGroup, Driver>>> = {
  ...{ build: 'capex', renew: 'capex', upkeep: 'upkeep', energy: 'energy', carbon: 'carbon' },
}

/** Net present value of a table; `factors` scale the rows of a driver. */
export function worthOf(
  table: readonly CashRow[],
  discountRate: number,
  factors: Readonly<Partial<Record<Driver, number>>> = {},
): number {
  const rate = discountRate * (factors.discount ?? 1)
  return table.reduce((sum, row, year) => {
    let cash = 0
    for (const [column, amount] of Object.entries(row)) {
      const group = groupOf(column)
      if (!counted.has(group) || !group) continue
      cash += amount * (factors[driverOf[group] ?? 'capex'] ?? 1)
    }
    return sum + cash / (1 + rate) ** year
  }, 0)
}

/**
 * How much each driver moves the worth of a design, the largest first; exact for these sizes run as they are: no machine is
 * sized or run otherwise. Drivers that move nothing are left out.
 */
export function swingsOf(table: readonly CashRow[], discountRate: number): readonly Swing[] {
  const base = worthOf(table, discountRate)
  const least = 1e-6 * Math.max(1, Math.abs(base))
  return drivers
    .map((driver) => ({
      driver,
      low: worthOf(table, discountRate, { [driver]: 1 - swingShare }),
      high: worthOf(table, discountRate, { [driver]: 1 + swingShare }),
    }))
    .filter(({ low, high }) => Math.abs(high - low) > least)
    .toSorted((a, b) => Math.abs(b.high - b.low) - Math.abs(a.high - a.low))
}
