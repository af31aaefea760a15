import type { ModelBuilder } from '../../solve/index.ts'
import type { Frame } from '../frame.ts'
import { hoursAbove, perStep } from './component.ts'
import { brokenSteps } from './limits.ts'
import { medianOverTime } from './median.ts'
import { addSizedColumns, beginSizedRow, mostOf, type Size, sizeIn } from './sized.ts'

/** How full a vessel of gas or water may be, and is, as shares of its capacity. */
export interface TankLevels {
  readonly minLevel: number
  readonly maxLevel: number
  readonly initialLevel: number
}

export interface TankOptions {
  readonly name: string
  readonly frame: Frame
  readonly levels: TankLevels
  readonly capacityKwh: Size
  /** Into and out of the vessel at once, kW; absent: no limit but the capacity. */
  readonly maxFillKw?: Size
  readonly maxDrawKw?: Size
  /** What is left of the content above the lowest level after each step, 0 to 1; absent: all. */
  readonly retention?: Float64Array
  /** Worth of one kWh that is left at the end; nothing counts where stores end as they began. */
  readonly worthPerKwh: number
}

/** Where a vessel stands in the model: kW in and out, each the sum of its blocks of columns, one a step. */
export interface Tank {
  readonly fills: readonly number[]
  readonly draws: readonly number[]
  /** Content after each step, kWh. */
  levelKwh(columnValues: Float64Array): Float64Array
  /** What the objective counts for the content at the end beyond that at the beginning, negative for more. */
  worth(columnValues: Float64Array): number
}

interface Band {
  readonly share: number
  readonly initialShare: number
  readonly mayFill: boolean
  readonly mayDraw: boolean
  readonly wish?: 'below' | 'above'
}

/** The usable band, and where the vessel begins outside of it, one that can only be left again. */
function bandsOf({ minLevel, maxLevel, initialLevel }: TankLevels): Band[] {
  const usable = Math.max(0, maxLevel - minLevel)
  const inside = Math.min(usable, Math.max(0, initialLevel - minLevel))
  const bands: Band[] = [{ share: usable, initialShare: inside, mayFill: true, mayDraw: true }]
  const lacking = minLevel - initialLevel
  if (lacking > 0) bands.push({ share: lacking, initialShare: 0, mayFill: true, mayDraw: false, wish: 'below' })
  const spare = initialLevel - maxLevel
  if (spare > 0) bands.push({ share: spare, initialShare: spare, mayFill: false, mayDraw: true, wish: 'above' })
  return bands
}

const lowestOf = ({ minLevel, initialLevel }: TankLevels): number => Math.min(minLevel, initialLevel)

/**
 * A vessel with a state: what it holds is what it held, less losses, plus what came in, less what went out. A vessel that
 * begins outside of its limits comes back inside at the price of the wish `reserve`, which `outsideLevels` names.
 */
export function formulateTank(model: ModelBuilder, options: TankOptions): Tank {
  const { name, frame, levels, capacityKwh, maxFillKw, maxDrawKw, retention } = options
  const { count } = frame.grid
  const { hours } = frame
  const sized = typeof capacityKwh !== 'number'
  const worthPerKwh = frame.cyclic || sized ? 0 : options.worthPerKwh
  const penalty = perStep(frame.penaltyPerKwh('reserve'), hours)
  const largestKwh = mostOf(capacityKwh)
  // More than this per step is no limit: it empties or fills the whole vessel.
  const mostKw = (size: Size | undefined): number => (size === undefined ? Number.POSITIVE_INFINITY : mostOf(size))
  const bands = bandsOf(sized ? { ...levels, initialLevel: clamped(levels) } : levels)
  const placed = bands.map((band, index) => {
    const block = `${name}.band${index}`
    const fill = model.addColumns(`${block}.fillKw`, count, { upper: band.mayFill ? mostKw(maxFillKw) : 0 })
    const draw = model.addColumns(`${block}.drawKw`, count, { upper: band.mayDraw ? mostKw(maxDrawKw) : 0 })
    const cost = band.wish === undefined ? new Float64Array(count) : penalty.slice()
    if (band.wish === 'below') {
      model.addOffset(penalty.reduce((sum, value) => sum + value, 0) * band.share * largestKwh)
      for (let k = 0; k < count; k += 1) cost[k] = -penalty[k]!
    }
    if (count > 0) cost[count - 1]! -= worthPerKwh
    const stored = addSizedColumns(model, `${block}.storedKwh`, count, { size: capacityKwh, share: band.share, cost })
    if (!sized) model.addOffset(worthPerKwh * band.initialShare * capacityKwh)
    for (let k = 0; k < count; k += 1) {
      const kept = retention?.[k] ?? 1
      const coefficient = k === 0 ? -kept * band.initialShare : 0
      beginSizedRow(model, `${block}.balance`, { size: capacityKwh, coefficient, lower: 0, upper: 0 })
      model.term(stored + k, 1)
      if (k > 0) model.term(stored + k - 1, -kept)
      model.term(fill + k, -hours[k]!)
      model.term(draw + k, hours[k]!)
      model.endRow()
    }
    return { band, fill, draw, stored }
  })
  if (frame.cyclic) {
    const coefficient = -bands.reduce((sum, { initialShare }) => sum + initialShare, 0)
    beginSizedRow(model, `${name}.cycle`, { size: capacityKwh, coefficient, lower: 0, upper: Number.POSITIVE_INFINITY })
    for (const { stored } of placed) model.term(stored + count - 1, 1)
    model.endRow()
  }
  const limit = (row: string, size: Size | undefined, blocks: readonly number[]): void => {
    if (size === undefined || (blocks.length === 1 && typeof size === 'number')) return
    for (let k = 0; k < count; k += 1) {
      beginSizedRow(model, row, { size, coefficient: -1, lower: Number.NEGATIVE_INFINITY, upper: 0 })
      for (const block of blocks) model.term(block + k, 1)
      model.endRow()
    }
  }
  const fills = placed.map(({ fill }) => fill)
  const draws = placed.map(({ draw }) => draw)
  limit(`${name}.fillLimit`, maxFillKw, fills)
  limit(`${name}.drawLimit`, maxDrawKw, draws)
  const baseShare = lowestOf(sized ? { ...levels, initialLevel: clamped(levels) } : levels)
  return {
    fills,
    draws,
    levelKwh(values) {
      const level = new Float64Array(count).fill(baseShare * sizeIn(capacityKwh, values))
      for (const { stored } of placed) for (let k = 0; k < count; k += 1) level[k]! += values[stored + k]!
      return level
    },
    worth: (values) =>
      worthPerKwh *
      placed.reduce(
        (sum, { band, stored }) => sum + band.initialShare * largestKwh - (values[stored + count - 1] ?? 0),
        0,
      ),
  }
}

const clamped = ({ minLevel, maxLevel, initialLevel }: TankLevels): number =>
  Math.max(minLevel, Math.min(maxLevel, initialLevel))

/** Sum of blocks of columns, one a step. */
export function sumOfBlocks(values: Float64Array, blocks: readonly number[], count: number): Float64Array {
  const sum = new Float64Array(count)
  for (const block of blocks) for (let k = 0; k < count; k += 1) sum[k]! += values[block + k]!
  return sum
}

/** A vessel that begins outside of its limits, as a named relaxation of the wish `reserve`. */
export function outsideLevels(
  asset: { readonly id: string; readonly title: string },
  {
    levels,
    capacityKwh,
    levelKwh,
    hours,
  }: {
    readonly levels: TankLevels
    readonly capacityKwh: number
    readonly levelKwh: Float64Array
    readonly hours: Float64Array
  },
) {
  const { minLevel, maxLevel, initialLevel } = levels
  const amount = capacityKwh * Math.max(minLevel - initialLevel, initialLevel - maxLevel)
  if (amount <= 0.01) return []
  const dust = 1e-6 * capacityKwh
  const outsideKwh = levelKwh.map((level) => Math.max(minLevel * capacityKwh - level, level - maxLevel * capacityKwh))
  const inside = outsideKwh.some((value) => !(value > dust))
  const outsideHours = hoursAbove(outsideKwh, dust, hours)
  const side = initialLevel < minLevel ? 'below its minimum' : 'above its maximum'
  const until = inside ? `is back inside after ${outsideHours.toFixed(2)} h` : 'stays outside until the plan ends'
  return [
    {
      wish: 'reserve',
      asset: asset.id,
      amount,
      unit: 'kWh',
      reason: `${asset.title} begins ${amount.toFixed(1)} kWh ${side} and ${until}.`,
      reasonCode: 'store.outside-limits',
    },
  ]
}

interface TankSchedule {
  readonly levels: TankLevels
  readonly capacityKwh: number
  readonly levelKwh: Float64Array
  readonly fillKw: Float64Array
  readonly drawKw: Float64Array
  readonly retention?: Float64Array
  readonly hours: Float64Array
}

/** What a published schedule of a vessel breaks: its limits, or the sum of what came and went. */
export function tankBreaches(schedule: TankSchedule): string[] {
  const { levels, capacityKwh, levelKwh, fillKw, drawKw, retention, hours } = schedule
  const floorKwh = lowestOf(levels) * capacityKwh
  const ceilingKwh = Math.max(levels.maxLevel, levels.initialLevel, levels.minLevel) * capacityKwh
  const dustKwh = 1e-3 * Math.max(1, 1e-3 * capacityKwh)
  return [
    ...brokenSteps(
      'leaves its limits',
      levelKwh,
      (level) => !(level >= floorKwh - dustKwh && level <= ceilingKwh + dustKwh),
    ),
    ...brokenSteps('holds what it was not given', levelKwh, (level, k) => {
      const before = k === 0 ? levels.initialLevel * capacityKwh : levelKwh[k - 1]!
      const kept = (retention?.[k] ?? 1) * (before - floorKwh)
      const expected = floorKwh + kept + (fillKw[k]! - drawKw[k]!) * hours[k]!
      return !(Math.abs(level - expected) <= dustKwh)
    }),
  ]
}

/** Median of what a kWh of the grid costs with its carbon over the horizon: what stored energy is worth by default. */
export function medianPricePerKwh({ tariff, hours }: Frame): number {
  const prices = tariff.importPrice.map((price, k) => price + tariff.carbonPricePerKg * tariff.carbonIntensity[k]!)
  const median = medianOverTime(prices, hours)
  return Number.isFinite(median) ? Math.max(0, median) : 0
}

/** Levels that contradict each other. */
export const checkLevels = ({ minLevel, maxLevel }: TankLevels, path: string) =>
  minLevel <= maxLevel
    ? []
    : [
        {
          detail: 'The least level lies above the highest',
          place: { path },
          found: minLevel,
          expected: `at most ${maxLevel}`,
        },
      ]
