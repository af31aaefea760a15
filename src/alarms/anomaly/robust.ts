/** The median of the first `count` numbers, which are sorted in place; NaN of none. */
export function medianOf(numbers: Float64Array, count = numbers.length): number {
  if (count === 0) return Number.NaN
  const sorted = numbers.subarray(0, count).sort()
  const half = count >> 1
  return count % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}

/** Makes the median absolute deviation of normal errors their standard deviation (Rousseeuw and Croux 1993, eq. 1.2). */
export const normalConsistency = 1.4826

/**
 * The value that a share of days exceeds, from the greatest of each day. Up to one day in five it is a quantile of what was seen;
 * for rarer ones the tail goes on as an exponential one whose scale is the median of what is beyond (peaks over a threshold,
 * Pickands 1975, with shape 0): a fault among the days does not stretch it.
 *
 * @param share of days, 0 to 1
 */
export function exceededBy(share: number, maxima: readonly number[]): number {
  const sorted = Float64Array.from(maxima).sort()
  const quantile = (below: number): number => {
    const at = below * (sorted.length - 1)
    const [low, high] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!]
    return low + (high - low) * (at - Math.floor(at))
  }
  const bodyShare = 0.2
  if (share >= bodyShare) return quantile(1 - share)
  const edge = quantile(1 - bodyShare)
  const beyond = sorted.filter((value) => value > edge).map((value) => value - edge)
  const scale = beyond.length === 0 ? 0 : medianOf(beyond) / Math.LN2
  return edge + scale * Math.log(bodyShare / share)
}
