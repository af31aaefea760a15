import { describe, expect, it } from 'vitest'
import { leastSquares } from './least-squares.ts'
import { studentQuantile, twoSidedPValue } from './student.ts'

/** NIST Statistical Reference Datasets, linear regression: https://www.itl.nist.gov/div898/strd/lls/lls.shtml */
const norris = {
  x: [
    0.2, 337.4, 118.2, 884.6, 10.1, 226.5, 666.3, 996.3, 448.6, 777.0, 558.2, 0.4, 0.6, 775.5, 666.9, 338.0, 447.5,
    11.6, 556.0, 228.1, 995.8, 887.6, 120.2, 0.3, 0.3, 556.8, 339.1, 887.2, 999.0, 779.0, 11.1, 118.3, 229.2, 669.1,
    448.9, 0.5,
  ],
  y: [
    0.1, 338.8, 118.1, 888.0, 9.2, 228.1, 668.5, 998.5, 449.1, 778.9, 559.2, 0.3, 0.1, 778.1, 668.8, 339.3, 448.9, 10.8,
    557.7, 228.3, 998.0, 888.8, 119.6, 0.3, 0.6, 557.6, 339.3, 888.0, 998.5, 778.9, 10.2, 117.6, 228.9, 668.4, 449.2,
    0.2,
  ],
}

const longley = [
  [60323, 83.0, 234289, 2356, 1590, 107608, 1947],
  [61122, 88.5, 259426, 2325, 1456, 108632, 1948],
  [60171, 88.2, 258054, 3682, 1616, 109773, 1949],
  [61187, 89.5, 284599, 3351, 1650, 110929, 1950],
  [63221, 96.2, 328975, 2099, 3099, 112075, 1951],
  [63639, 98.1, 346999, 1932, 3594, 113270, 1952],
  [64989, 99.0, 365385, 1870, 3547, 115094, 1953],
  [63761, 100.0, 363112, 3578, 3350, 116219, 1954],
  [66019, 101.2, 397469, 2904, 3048, 117388, 1955],
  [67857, 104.6, 419180, 2822, 2857, 118734, 1956],
  [68169, 108.4, 442769, 2936, 2798, 120445, 1957],
  [66513, 110.8, 444546, 4681, 2637, 121950, 1958],
  [68655, 112.6, 482704, 3813, 2552, 123366, 1959],
  [69564, 114.2, 502601, 3931, 2514, 125368, 1960],
  [69331, 115.7, 518173, 4806, 2572, 127852, 1961],
  [70551, 116.9, 554894, 4007, 2827, 130081, 1962],
]

const column = (rows: readonly (readonly number[])[], k: number): Float64Array =>
  Float64Array.from(rows, (row) => row[k]!)
const ones = (count: number): Float64Array => new Float64Array(count).fill(1)

/** Coefficients, their standard errors and the residual standard deviation. */
function solved(columns: readonly Float64Array[], target: Float64Array) {
  const found = leastSquares(columns, target)!
  const deviation = Math.sqrt(found.squares / (target.length - columns.length))
  const unit = (k: number): Float64Array => Float64Array.from(columns, (_, j) => Number(j === k))
  return { ...found, deviation, errors: columns.map((_, k) => deviation * Math.sqrt(found.variance(unit(k)))) }
}

/** Digits that agree, as the reference datasets count them. */
const digits = (found: number, certified: number): number =>
  found === certified ? 15 : -Math.log10(Math.abs(found - certified) / Math.abs(certified))

describe('least squares against NIST StRD', () => {
  it('Norris (lower difficulty): 11 digits', () => {
    const { coefficients, errors, deviation } = solved(
      [ones(36), Float64Array.from(norris.x)],
      Float64Array.from(norris.y),
    )
    expect(digits(coefficients[0]!, -0.262323073774029)).toBeGreaterThan(11)
    expect(digits(coefficients[1]!, 1.00211681802045)).toBeGreaterThan(11)
    expect(digits(errors[0]!, 0.232818234301152)).toBeGreaterThan(11)
    expect(digits(errors[1]!, 0.429796848199937e-3)).toBeGreaterThan(11)
    expect(digits(deviation, 0.884796396144373)).toBeGreaterThan(11)
  })

  it('Longley (higher difficulty): 10 digits', () => {
    const { coefficients, errors, deviation } = solved(
      [ones(16), ...[1, 2, 3, 4, 5, 6].map((k) => column(longley, k))],
      column(longley, 0),
    )
    const certified = [
      [-3482258.63459582, 890420.383607373],
      [15.0618722713733, 84.9149257747669],
      [-0.35819179292591e-1, 0.334910077722432e-1],
      [-2.02022980381683, 0.488399681651699],
      [-1.03322686717359, 0.214274163161675],
      [-0.511041056535807e-1, 0.22607320006937],
      [1829.15146461355, 455.478499142212],
    ]
    certified.forEach(([value, error], k) => {
      expect(digits(coefficients[k]!, value!)).toBeGreaterThan(10)
      expect(digits(errors[k]!, error!)).toBeGreaterThan(10)
    })
    expect(digits(deviation, 304.854073561965)).toBeGreaterThan(10)
  })

  it('Wampler1 and Wampler2 (polynomials of the fifth degree): 7 digits', () => {
    const x = Array.from({ length: 21 }, (_, k) => k)
    const columns = [0, 1, 2, 3, 4, 5].map((power) => Float64Array.from(x, (value) => value ** power))
    for (const factor of [1, 0.1]) {
      const target = Float64Array.from(x, (value) =>
        [0, 1, 2, 3, 4, 5].reduce((sum, power) => sum + factor ** power * value ** power, 0),
      )
      const { coefficients } = solved(columns, target)
      coefficients.forEach((value, power) => {
        expect(digits(value, factor ** power)).toBeGreaterThan(7)
      })
    }
  })

  it('refuses columns that depend on each other, and more columns than rows', () => {
    const x = Float64Array.of(1, 2, 3, 4)
    expect(leastSquares([ones(4), x, x.map((value) => 3 - 2 * value)], x)).toBeUndefined()
    expect(leastSquares([Float64Array.of(1), Float64Array.of(2)], Float64Array.of(1))).toBeUndefined()
    expect(leastSquares([new Float64Array(4)], x)).toBeUndefined()
  })
})

describe('Student’s distribution', () => {
  /** NIST/SEMATECH e-Handbook of Statistical Methods, table 1.3.6.7.2, two-sided. */
  it.each([
    [0.9, 1, 6.314],
    [0.9, 10, 1.812],
    [0.95, 10, 2.228],
    [0.95, 30, 2.042],
    [0.99, 60, 2.66],
    [0.8, 5, 1.476],
    [0.998, 100, 3.174],
  ])('stays within ±t for a share %d at %d degrees: %d', (confidence, degrees, t) => {
    expect(studentQuantile(confidence, degrees)).toBeCloseTo(t, 3)
  })

  it('tends to the normal distribution', () => {
    expect(studentQuantile(0.9, 1e7)).toBeCloseTo(1.644853627, 5)
    expect(studentQuantile(0.95, 1e7)).toBeCloseTo(1.959963985, 5)
  })

  it('has closed forms at one and two degrees', () => {
    expect(twoSidedPValue(1, 1)).toBeCloseTo(0.5, 13)
    expect(twoSidedPValue(3, 2)).toBeCloseTo(1 - 3 / Math.sqrt(11), 13)
  })
})
