/**
 * Share of the standard normal distribution below `z`, to double precision.
 * Source: G. Marsaglia (2004), Evaluating the Normal Distribution, Journal of Statistical Software 11(4), function Phi.
 */
export function normalShare(z: number): number {
  if (Number.isNaN(z)) return Number.NaN
  if (z < -8) return 0
  if (z > 8) return 1
  let [sum, term, before] = [z, z, 0]
  for (let k = 3; sum !== before; k += 2) {
    before = sum
    term *= (z * z) / k
    sum += term
  }
  return 0.5 + sum * Math.exp(-0.5 * z * z - 0.9189385332046728)
}
