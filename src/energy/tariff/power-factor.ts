import type { Tariff } from '../schema/index.ts'

/** Hundredths of power factor at which the reduction ends, by standard. */
const bestHundredths: Readonly<Record<number, number>> = { 90: 95, 85: 94, 80: 92 }

/** cos φ = P / √(P² + Q²) from the kWh and kvarh of a month; undefined where neither was metered. */
export function powerFactorOf(activeKwh: number, reactiveKvarh: number): number | undefined {
  const apparent = Math.hypot(activeKwh, reactiveKvarh)
  return apparent > 0 ? activeKwh / apparent : undefined
}

/** To two decimals, half upwards, as the rule counts it. */
const hundredthsOf = (powerFactor: number): number => Math.round(powerFactor * 100 + 1e-9)

/**
 * Share of the bill that the Chinese rule of 1983 adds or takes off (功率因数调整电费办法, 水电财字〔1983〕215号, tables 1 to 3).
 * Below the standard 0.5 % a hundredth for twenty hundredths, 1 % for five more, then 2 %. Above it 0.1 % a hundredth up to
 * 0.90 and 0.15 % beyond, until 0.95, 0.94 or 0.92 for the standards 0.90, 0.85 and 0.80.
 */
export function standardAdjustment(standard: number, powerFactor: number): number {
  const goal = hundredthsOf(standard)
  const found = hundredthsOf(powerFactor)
  if (found >= goal) {
    const best = Math.min(found, bestHundredths[goal] ?? 95)
    const upToNinety = Math.max(0, Math.min(best, 90) - goal)
    const beyond = Math.max(0, best - Math.max(90, goal))
    const tenThousandths = 10 * upToNinety + 15 * beyond
    return tenThousandths === 0 ? 0 : -tenThousandths / 10_000
  }
  const below = goal - found
  const halfPercents = Math.min(below, 20) + 2 * Math.min(Math.max(below - 20, 0), 5) + 4 * Math.max(below - 25, 0)
  return halfPercents / 200
}

/** Share that a tariff adds for a power factor: by its own table where it has one, else by the standard. */
export function adjustmentFor({ standard, table }: NonNullable<Tariff['powerFactor']>, powerFactor: number): number {
  if (table.length === 0) return standardAdjustment(standard, powerFactor)
  const rounded = hundredthsOf(powerFactor) / 100
  return table.findLast(({ from }) => from <= rounded + 1e-9)?.share ?? 0
}
