import type { Tiers } from '../schema/index.ts'
import { type Calendar, monthNumber, monthSpans } from './calendar.ts'
import { type Curve, costAt } from './curve.ts'
import { stepsInWindow } from './window.ts'

/** One list of energy blocks over one month or year of a grid. */
export interface TierWindow {
  readonly name: string
  /** Index of the list in the tariff. */
  readonly list: number
  readonly per: 'month' | 'year'
  /** Number of the month the count begins anew with. */
  readonly month: number
  /** Steps whose import counts, in order. */
  readonly steps: Int32Array
  /** Counted before the grid begins. */
  readonly startKwh: number
  /** What the blocks add to the cost of the counted kWh, before taxes. */
  readonly curve: Curve
}

/** Blocks as a curve over the counted kWh. */
export const tierCurve = (blocks: Tiers['blocks']): Curve => ({
  atZero: 0,
  knots: blocks.map(({ pricePerKwh }, i) => ({ from: blocks[i - 1]?.upToKwh ?? 0, price: pricePerKwh })),
})

/** Splits each list of blocks by the month or the year it counts over. */
export function tierWindows(lists: readonly Tiers[], calendar: Calendar, soFar: boolean): readonly TierWindow[] {
  return lists.flatMap((list, index) => {
    const marks = stepsInWindow(calendar, list)
    const counted = new Map<number, number[]>()
    for (const { month, from, to } of monthSpans(calendar)) {
      const key = list.per === 'month' ? month : monthNumber(Math.floor(month / 12), 1)
      const steps = counted.get(key) ?? []
      for (let k = from; k < to; k += 1) if (marks[k] === 1) steps.push(k)
      counted.set(key, steps)
    }
    const [firstKey] = counted.keys()
    return [...counted]
      .filter(([, steps]) => steps.length > 0)
      .map(
        ([month, steps]): TierWindow => ({
          name: list.name,
          list: index,
          per: list.per,
          month,
          steps: Int32Array.from(steps),
          startKwh: soFar && month === firstKey ? list.usedSoFarKwh : 0,
          curve: tierCurve(list.blocks),
        }),
      )
  })
}

/** Energy of a window, kWh. */
export function countedKwh({ steps }: TierWindow, importKw: Float64Array, hours: Float64Array): number {
  let sum = 0
  for (let i = 0; i < steps.length; i += 1) sum += importKw[steps[i]!]! * hours[steps[i]!]!
  return sum
}

/** What the blocks add to the cost of an import, before taxes. */
export const tierCost = (window: TierWindow, importKw: Float64Array, hours: Float64Array): number =>
  costAt(window.curve, window.startKwh + countedKwh(window, importKw, hours)) - costAt(window.curve, window.startKwh)
