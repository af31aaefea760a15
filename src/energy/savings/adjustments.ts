import { parseInstant } from '../../kernel/index.ts'
import { energyErrors } from '../errors.ts'
import type { SavingsInput } from '../schema/index.ts'
import type { Observations } from './observations.ts'

/** A non-routine event of one meter. */
export interface Adjustment {
  readonly fromMs: number
  readonly toMs: number
  readonly kwhPerDay: number
  readonly halfWidthKwhPerDay: number
  readonly reason: string
}

/** The adjustments of a meter. @throws `energy.bad-savings` where the meter or the order of the dates is wrong */
export function adjustmentsOf(input: SavingsInput, meter: string, zone: string): readonly Adjustment[] {
  const known = Object.keys(input.meters)
  return input.adjustments.flatMap(({ meter: named, from, to, ...rest }, index) => {
    const id = named ?? (known.length === 1 ? known[0] : undefined)
    const path = `adjustments.${index}`
    if (id === undefined || !known.includes(id)) {
      throw energyErrors.badSavings({
        detail: named === undefined ? 'The adjustment does not say which meter it is of' : 'There is no such meter',
        place: { path: `${path}.meter` },
        found: named,
        expected: known.join(', '),
      })
    }
    const [fromMs, toMs] = [parseInstant(from, zone), parseInstant(to, zone)]
    if (toMs > fromMs) return id === meter ? [{ fromMs, toMs, ...rest }] : []
    throw energyErrors.badSavings({
      detail: 'The adjustment ends before it begins',
      place: { path },
      found: `${from} to ${to}`,
      expected: '`to` is the day after the last',
    })
  })
}

/** Energy that events add to each observation, kWh, and its half-width, which is one error for all days of an event. */
export function adjustedEnergy(
  { startMs, endMs, length }: Observations,
  adjustments: readonly Adjustment[],
  lengthsPerDay: number,
): { readonly energyKwh: Float64Array; readonly halfWidthKwh: number } {
  const energyKwh = new Float64Array(startMs.length)
  let squares = 0
  for (const { fromMs, toMs, kwhPerDay, halfWidthKwhPerDay } of adjustments) {
    let days = 0
    for (let i = 0; i < startMs.length; i += 1) {
      const shared = Math.max(0, Math.min(toMs, endMs[i]!) - Math.max(fromMs, startMs[i]!))
      const part = (length[i]! / lengthsPerDay) * (shared / (endMs[i]! - startMs[i]!))
      days += part
      energyKwh[i]! += kwhPerDay * part
    }
    squares += (halfWidthKwhPerDay * days) ** 2
  }
  return { energyKwh, halfWidthKwh: Math.sqrt(squares) }
}
