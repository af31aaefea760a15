import type { CostParts } from '../frame.ts'
import type { Money } from '../schema/index.ts'
import { tidy } from '../tidy.ts'
import type { SettledRun } from './settle-run.ts'

export function moneyOf({ cost, carbon, total }: Pick<SettledRun, 'cost' | 'carbon' | 'total'>): Money {
  const parts = Object.fromEntries(
    Object.entries(cost as unknown as Record<string, number>).map(([part, value]) => [part, tidy(value)]),
  )
  return { ...(parts as unknown as CostParts), carbon: tidy(carbon), total: tidy(total) }
}
