import { carbonErrors } from '../errors.ts'
import { Decimal } from '../quantity/index.ts'

/** Decimals that a share is given with; more where the total has more. */
const shareDecimals = 12

/**
 * Splits a total in proportion to weights so that the shares add up to it, to the last digit. Each share is rounded down to a
 * whole number of quanta, and what is left goes, a quantum each, to those that lost most (largest remainder; Hamilton 1792). Equal
 * losses go by the order of the weights.
 *
 * @returns one share a weight; of the sign of the total
 * @throws `carbon.bad-chain` where all weights are zero or one is below
 */
export function allocate(total: Decimal, weights: readonly Decimal[]): readonly Decimal[] {
  const places = Math.max(shareDecimals, total.decimalPlaces(), 0)
  const weightPlaces = Math.max(0, ...weights.map((weight) => weight.decimalPlaces()))
  const whole = (value: Decimal, decimals: number): bigint =>
    BigInt(value.times(new Decimal(10).pow(decimals)).toFixed(0))
  const parts = weights.map((weight) => whole(weight, weightPlaces))
  const all = parts.reduce((sum, part) => sum + part, 0n)
  if (all === 0n || parts.some((part) => part < 0n)) {
    throw carbonErrors.badChain({
      detail: 'There is nothing to share by',
      found: weights.map(String).slice(0, 10),
      expected: 'weights of 0 or more, one of them above',
    })
  }
  const amount = whole(total.abs(), places)
  const floors = parts.map((part) => (amount * part) / all)
  const lost = parts.map((part, index) => ({ index, rest: (amount * part) % all }))
  let left = amount - floors.reduce((sum, floor) => sum + floor, 0n)
  for (const { index } of lost.toSorted((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1))) {
    if (left === 0n) break
    floors[index]! += 1n
    left -= 1n
  }
  const quantum = new Decimal(10).pow(-places)
  return floors.map((floor) => new Decimal(floor.toString()).times(quantum).times(total.isNegative() ? -1 : 1))
}
