import type { CostParts } from '../frame.ts'
import type { Money } from '../schema/index.ts'
import type { SettledRun } from './settle-run.ts'

/** Six decimals, no negative zero. */
export const tidy = (value: number): number => Math.round(value * 1e6) / 1e6 + 0

export function moneyOf({ cost, carbon, total }: Pick<SettledRun, 'cost' | 'carbon' | 'total'>): Money {
  const parts = Object.fromEntries(
    Object.entries(cost as unknown as Record<string, number>).map(([part, value]) => [part, tidy(value)]),
  )
  return { ...(parts as unknown as CostParts), carbon: tidy(carbon), total: tidy(total) }
}
