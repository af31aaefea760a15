import type { Hedge, Interval } from './stated.ts'

/** At least so many digits count: "2 million" is read as 2.0 million, not as 1.5 to 2.5. */
const leastDigits = 2

/** How far a hedge lets a number go, as shares of it. */
const hedged: Readonly<Record<Hedge, readonly [number, number]>> = {
  about: [0.95, 1.05],
  nearly: [0.95, 1],
  'more than': [1, 1.1],
}

/**
 * What a printed number may stand for: half a unit of its last printed digit to both sides. Zeros at the end of a whole
 * number may be digits or filling; they are taken as filling, but for the second digit.
 *
 * @param digits as printed, without marks of thousands: `5200`, `6.20`
 * @param scale of a word behind it: 10,000 for 万
 */
export function printedInterval(digits: string, scale: number, hedge?: Hedge): Interval {
  const value = Number(digits) * scale
  const [low, high] = hedged[hedge ?? 'about']
  const half = halfOfLastDigit(digits) * scale
  if (hedge === undefined) return { low: value - half, high: value + half }
  return { low: Math.min(value * low, value - half), high: Math.max(value * high, value + half) }
}

function halfOfLastDigit(digits: string): number {
  const point = digits.indexOf('.')
  if (point >= 0) return 0.5 * 10 ** -(digits.length - point - 1)
  const whole = digits.replace(/^0+(?=\d)/, '')
  const filling = Math.min(/0*$/.exec(whole)?.[0].length ?? 0, Math.max(0, whole.length - leastDigits))
  // One digit alone counts as two: 5 is 5.0.
  return 0.5 * 10 ** (whole.length < leastDigits ? whole.length - leastDigits : filling)
}
