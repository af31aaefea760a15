import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../kernel/index.ts'
import { centreOf, type LinearRows, momentsOf, type Plane, planeAt, solveRidge } from './ridge.ts'

const planeOf = (rows: LinearRows, shrink: number, weights = new Float64Array(rows.targets.length).fill(1)): Plane => {
  const centre = centreOf(rows)
  return solveRidge(momentsOf(rows, weights, centre, [0, rows.targets.length]), centre, shrink)
}

/** Rows with two terms that hang together and a target with noise. */
function someRows(seed: number, count = 50): LinearRows {
  const random = seededRandom(seed)
  const values = new Float64Array(count * 2)
  const targets = new Float64Array(count)
  for (let r = 0; r < count; r += 1) {
    values[2 * r] = 100 + 10 * random.next()
    values[2 * r + 1] = values[2 * r]! / 10 + random.next()
    targets[r] = 3 + 2 * values[2 * r]! - 4 * values[2 * r + 1]! + random.next()
  }
  return { terms: 2, values, targets }
}

describe('ridge regression', () => {
  it('is the closed form for one term: covariance over variance · (1 + shrink), through the means', () => {
    // x = 1 2 3 4, y = 2 3 5 10: means 2.5 and 5, variance 1.25, covariance 3.25.
    const plane = planeOf({ terms: 1, values: Float64Array.of(1, 2, 3, 4), targets: Float64Array.of(2, 3, 5, 10) }, 0.3)
    expect(plane.slopes[0]).toBeCloseTo(3.25 / (1.25 * 1.3), 12)
    expect(plane.constant).toBeCloseTo(5 - 2.5 * plane.slopes[0]!, 12)
  })

  it('is the closed form for two terms: (R + shrink · I) b = r over standardised terms, by Cramer’s rule', () => {
    const rows = someRows(4)
    const count = rows.targets.length
    const column = (j: number): number[] => Array.from(rows.targets, (_, r) => rows.values[2 * r + j]!)
    const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / count
    const [a, b, y] = [column(0), column(1), Array.from(rows.targets)]
    const covariance = (u: readonly number[], v: readonly number[]): number =>
      mean(u.map((value, r) => (value - mean(u)) * (v[r]! - mean(v))))
    const [sa, sb] = [Math.sqrt(covariance(a, a)), Math.sqrt(covariance(b, b))]
    const between = covariance(a, b) / sa / sb
    const [ra, rb] = [covariance(a, y) / sa, covariance(b, y) / sb]
    const shrink = 0.1
    const determinant = (1 + shrink) ** 2 - between ** 2
    const plane = planeOf(rows, shrink)
    expect(plane.slopes[0]).toBeCloseTo((ra * (1 + shrink) - between * rb) / determinant / sa, 9)
    expect(plane.slopes[1]).toBeCloseTo((rb * (1 + shrink) - between * ra) / determinant / sb, 9)
  })

  it('finds a plane without noise and without penalty again', () => {
    fc.assert(
      fc.property(fc.integer(), fc.double({ min: -5, max: 5, noNaN: true }), (seed, slope) => {
        const rows = someRows(seed)
        const exact = { ...rows, targets: rows.targets.map((_, r) => 7 + slope * rows.values[2 * r]!) }
        const plane = planeOf(exact, 0)
        for (let r = 0; r < 5; r += 1) expect(planeAt(plane, exact.values, 2 * r)).toBeCloseTo(exact.targets[r]!, 6)
      }),
      { numRuns: 50 },
    )
  })

  it('gives parts whose moments add up to those of the whole', () => {
    const rows = someRows(9, 53)
    const weights = rows.targets.map((_, r) => 1 + (r % 3))
    const centre = centreOf(rows)
    const whole = momentsOf(rows, weights, centre, [0, 53])
    const [first, rest] = [momentsOf(rows, weights, centre, [0, 21]), momentsOf(rows, weights, centre, [21, 53])]
    whole.forEach((value, k) => {
      expect(first[k]! + rest[k]!).toBeCloseTo(value, 8)
    })
  })

  it('leaves a term that stands still alone, and knows nothing of nothing', () => {
    const still = planeOf({ terms: 1, values: Float64Array.of(5, 5, 5), targets: Float64Array.of(1, 2, 6) }, 0.1)
    expect(still.slopes[0]).toBe(0)
    expect(still.constant).toBeCloseTo(3, 12)
    expect(planeOf({ terms: 1, values: new Float64Array(0), targets: new Float64Array(0) }, 0.1).constant).toBeNaN()
  })
})
