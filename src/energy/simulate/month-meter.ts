import type { Site } from '../../kernel/index.ts'
import type { Frame } from '../frame.ts'
import type { Tariff } from '../schema/index.ts'
import { billingMonthOf, monthText } from '../tariff/calendar.ts'
import { intervalMean } from '../tariff/index.ts'

/** Meters what a tariff remembers of a month: peaks and counted energy. */
export interface MonthMeter {
  /** Counts the import of a step, kW; steps come in order. */
  count(k: number, importKw: number): void
  /** The site whose tariff knows what was metered before step `k`. */
  siteAt(site: Site, k: number): Site
  readonly importKw: Float64Array
  /** Restores what was metered, from the imports of steps `0 … steps − 1`. */
  restore(importKw: ArrayLike<number>, steps: number): void
}

export function createMonthMeter({ tariff, grid, hours }: Pick<Frame, 'tariff' | 'grid' | 'hours'>): MonthMeter {
  const importKw = new Float64Array(grid.count)
  const peaksKw = tariff.demand.map(({ peakSoFarKw }) => peakSoFarKw)
  const tiersKwh = tariff.tiers.map(({ startKwh }) => startKwh)
  /** Of each step, the intervals that end with it, as pairs of window and interval. */
  const ending: number[][] = Array.from({ length: grid.count }, () => [])
  tariff.demand.forEach(({ intervals }, window) => {
    for (let i = 0; i < intervals.count; i += 1) ending[intervals.step[intervals.first[i + 1]! - 1]!]?.push(window, i)
  })
  const counting: number[][] = Array.from({ length: grid.count }, () => [])
  tariff.tiers.forEach(({ steps }, window) => {
    for (const step of steps) counting[step]!.push(window)
  })
  const count = (k: number, powerKw: number): void => {
    importKw[k] = powerKw
    const pairs = ending[k]!
    for (let j = 0; j < pairs.length; j += 2) {
      const window = pairs[j]!
      const mean = intervalMean(tariff.demand[window]!.intervals, pairs[j + 1]!, importKw)
      peaksKw[window] = Math.max(peaksKw[window]!, mean)
    }
    for (const window of counting[k]!) tiersKwh[window]! += powerKw * hours[k]!
  }
  return {
    importKw,
    count,
    restore(powers, steps) {
      for (let k = 0; k < steps; k += 1) count(k, powers[k]!)
    },
    siteAt(site, k) {
      const said = site.sections.tariff as Tariff | undefined
      if (!said || !tariff.parts || k === 0) return site
      const month = billingMonthOf(tariff.parts.calendar, Math.min(k, grid.count - 1))
      const demand = said.demand.map((charge, index) => {
        const own = tariff.demand.map((window, i) => ({ ...window, i })).filter((window) => window.charge === index)
        const past = own.filter((window) => window.month < month)
        const now = own.find((window) => window.month === month)
        const peaks = past.map((window) => ({ month: monthText(window.month), peakKw: peaksKw[window.i]! }))
        const listed = charge.peaks.filter((peak) => !peaks.some((metered) => metered.month === peak.month))
        return { ...charge, peakSoFarKw: now ? peaksKw[now.i]! : 0, peaks: [...listed, ...peaks] }
      })
      const tiers = said.import.tiers.map((list, index) => {
        const at = tariff.tiers.findIndex(
          (window) =>
            window.list === index &&
            (window.per === 'month' ? window.month === month : true) &&
            window.steps.at(-1)! >= k,
        )
        return at < 0 ? list : { ...list, usedSoFarKwh: tiersKwh[at]! }
      })
      const changed: Tariff = { ...said, demand, import: { ...said.import, tiers } }
      return { ...site, sections: { ...site.sections, tariff: changed } }
    },
  }
}
