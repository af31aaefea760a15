import { type Random, seededRandom } from '../../kernel/index.ts'
import type { AnomalyKind, MeterSeries } from './index.ts'

export const slotsOfDay = 96
const stepMs = 900_000
const zone = 'Asia/Shanghai'
/** A Monday. */
const startMs = Date.UTC(2026, 0, 5) - 8 * 3_600_000

/** Sum of twelve uniform numbers less six: nearly normal. */
const normal = (random: Random): number => {
  let sum = -6
  for (let count = 0; count < 12; count += 1) sum += random.next()
  return sum
}

/** A meter of a workshop: shifts on workdays, half of one on Saturdays, a base at night, noise that hangs together, a slow drift. */
export function madeMeter(days: number, seed: number): MeterSeries {
  const random = seededRandom(seed)
  const values = new Float64Array(days * slotsOfDay)
  let wander = 0
  for (let index = 0; index < values.length; index += 1) {
    const day = Math.floor(index / slotsOfDay)
    const hour = (index % slotsOfDay) / 4
    const weekday = day % 7
    const isOn = weekday === 6 ? 0 : weekday === 5 ? (hour >= 8 && hour < 13 ? 0.6 : 0) : hour >= 7 && hour < 19 ? 1 : 0
    const level = 60 + (60 * day) / 365
    wander = 0.8 * wander + 3 * normal(random)
    values[index] = level + 250 * isOn + wander + (isOn > 0 ? 8 : 2) * normal(random)
  }
  return { values, grid: { startMs, stepMs, count: values.length }, zone, holidays: new Set() }
}

export interface Planted {
  readonly kind: AnomalyKind
  /** Index into the series. */
  readonly from: number
  readonly to: number
}

/** Changes the series where a fault is planted. */
export function plant(values: Float64Array, { kind, from, to }: Planted): void {
  const before = values[from - 1]!
  for (let index = from; index < to; index += 1) {
    if (kind === 'missing') values[index] = Number.NaN
    else if (kind === 'stuck') values[index] = before
    else if (kind === 'night-load') values[index]! += 45
    else if (kind === 'step') values[index]! -= 120
    else values[index]! += 400
  }
}
