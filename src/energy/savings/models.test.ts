import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ChangePointShape, changePointForm } from './change-points.ts'
import { groupedRegression } from './grouped-regression.ts'
import { leastSquares } from './least-squares.ts'
import { fitModel } from './model.ts'
import { dailyOf, normals, yearsOfWeather } from './observations.fixture.ts'
import { type Choice, crossValidate, selectModel } from './select.ts'
import { coolingDegrees, heatingDegrees, oneEach } from './temperatures.ts'
import { binEndsC, binParts, validBinEnds } from './time-of-week.ts'

const choice: Choice = {
  granularity: 'daily',
  shapes: ['1P', '2P', '3PH', '3PC', '4P', '5P'],
  groupings: ['none', 'weekend', 'weekday'],
  criterion: 'bic',
  variables: [],
}

/** Rates of a building with known points and slopes. */
const planted = (temperatureC: Float64Array, heatingC: number, coolingC: number, slopes: readonly [number, number]) =>
  temperatureC.map(
    (value) => 400 + slopes[0] * Math.max(0, heatingC - value) + slopes[1] * Math.max(0, value - coolingC),
  )

describe('the family of change points', () => {
  it.each([
    ['3PH', 14.3, 99, [25, 0]],
    ['3PC', -99, 18.7, [0, 40]],
    ['4P', 15.2, 15.2, [20, 35]],
    ['5P', 11.4, 19.6, [20, 35]],
  ] as const)('%s is found again where it was planted', (shape, heatingC, coolingC, slopes) => {
    const temperatureC = yearsOfWeather(366, normals(7))
    const observations = dailyOf(planted(temperatureC, heatingC, coolingC, slopes), temperatureC)
    const { chosen } = selectModel(observations, choice)
    expect(chosen?.shape).toBe(shape)
    expect(chosen?.grouping).toBe('none')
    const { changePoints, fit } = chosen!.model!
    if (slopes[0] > 0) expect(changePoints.heatingC).toBeCloseTo(heatingC, 4)
    if (slopes[1] > 0) expect(changePoints.coolingC).toBeCloseTo(coolingC, 4)
    expect(fit.intercepts[0]).toBeCloseTo(400, 2)
    expect([...fit.coefficients]).toEqual(slopes.filter((slope) => slope > 0).map((slope) => expect.closeTo(slope, 3)))
  })

  it('no raster of a twentieth of a kelvin finds a better point', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.constantFrom('3PH', '3PC', '4P'), (seed, shape) => {
        const draw = normals(seed)
        const temperatureC = yearsOfWeather(120, draw)
        const rate = planted(temperatureC, 10, 12, [20, 30]).map((value) => value + 60 * draw())
        const observations = dailyOf(rate, temperatureC)
        const form = changePointForm(shape as ChangePointShape, 'none', observations, [])
        if (!form) return
        const found = fitModel(form, observations)!.fit.squares
        const sorted = temperatureC.slice().sort()
        for (let point = sorted[9]!; point <= sorted[110]!; point += 0.05) {
          const columns = [
            ...(shape === '3PC' ? [] : [heatingDegrees(point)(oneEach(temperatureC))]),
            ...(shape === '3PH' ? [] : [coolingDegrees(point)(oneEach(temperatureC))]),
          ]
          const fit = groupedRegression({
            target: rate,
            weight: observations.weight,
            group: new Int32Array(rate.length),
            groups: 1,
            columns,
          })
          const physical =
            shape === '4P' ? fit!.coefficients[0]! + fit!.coefficients[1]! > 0 : fit!.coefficients[0]! > 0
          if (physical) expect(found).toBeLessThanOrEqual(fit!.squares * (1 + 1e-6))
        }
      }),
      // Of the example the best point lies three raster widths beside the best one of the raster.
      { numRuns: 9, examples: [[1, '3PH']] },
    )
  })

  it('tells weekends from working days when they differ', () => {
    const draw = normals(3)
    const temperatureC = yearsOfWeather(365, draw)
    const rate = planted(temperatureC, 14, 99, [25, 0]).map(
      (value, day) => value + (day % 7 >= 5 ? -150 : 0) + 20 * draw(),
    )
    const { chosen } = selectModel(dailyOf(rate, temperatureC), choice)
    expect(chosen?.shape).toBe('3PH')
    expect(chosen?.grouping).toBe('weekend')
    const [working, free] = chosen!.model!.fit.intercepts
    expect(working! - free!).toBeCloseTo(150, -1.2)
  })

  it('takes a mean where nothing depends on the weather', () => {
    const draw = normals(11)
    const temperatureC = yearsOfWeather(365, draw)
    const { chosen } = selectModel(
      dailyOf(
        temperatureC.map(() => 500 + 20 * draw()),
        temperatureC,
      ),
      choice,
    )
    expect(chosen?.shape).toBe('1P')
  })

  it('finds what production adds beside the weather', () => {
    const draw = normals(13)
    const temperatureC = yearsOfWeather(365, draw)
    const tonnes = temperatureC.map(() => 10 + 2 * draw())
    const rate = planted(temperatureC, -99, 17, [0, 30]).map((value, day) => value + 12 * tonnes[day]! + 15 * draw())
    const observations = dailyOf(rate, temperatureC, [tonnes])
    const withVariable = { ...choice, variables: [{ name: 'production', unit: 't/d' }] }
    const { chosen } = selectModel(observations, withVariable)
    expect(chosen?.shape).toBe('3PC')
    expect(chosen!.model!.fit.coefficients[1]).toBeCloseTo(12, 0)
    const score = crossValidate(observations, chosen!, withVariable)!
    expect(score.folds).toBe(10)
    expect(Math.abs(score.bias)).toBeLessThan(0.01)
    expect(score.cvRmse).toBeGreaterThan(0.9 * chosen!.statistics!.cvRmse)
    expect(score.cvRmse).toBeLessThan(1.3 * chosen!.statistics!.cvRmse)
  })
})

describe('groups', () => {
  it('are swept out to the same as one column each', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
        const draw = normals(seed)
        const count = 60
        const group = Int32Array.from({ length: count }, (_, i) => i % 4)
        const [x, z] = [0, 1].map(() => Float64Array.from({ length: count }, draw))
        const target = Float64Array.from({ length: count }, (_, i) => group[i]! * 3 + 2 * x![i]! - z![i]! + draw())
        const weight = new Float64Array(count).fill(1)
        const swept = groupedRegression({ target, weight, group, groups: 4, columns: [x!, z!] })!
        const dummies = [0, 1, 2, 3].map((g) => Float64Array.from(group, (own) => Number(own === g)))
        const plain = leastSquares([...dummies, x!, z!], target)!
        expect(swept.squares).toBeCloseTo(plain.squares, 9)
        const all = [...swept.intercepts, ...swept.coefficients]
        all.forEach((value, k) => {
          expect(value).toBeCloseTo(plain.coefficients[k]!, 9)
        })
        const v = Float64Array.from({ length: 6 }, draw)
        expect(swept.variance(v.slice(0, 4), v.slice(4))).toBeCloseTo(plain.variance(v), 9)
      }),
      { numRuns: 30 },
    )
  })
})

describe('degree days', () => {
  /** OpenEEmeter, tests/test_caltrack_usage_per_day.py: 50 to 80 °F over a year, balance point 65 °F: 1,368 cooling degree days. */
  it('are those of OpenEEmeter', () => {
    const days = Float64Array.from({ length: 365 }, (_, day) =>
      Array.from({ length: 24 }, (_, hour) => (30 * (day * 24 + hour)) / 8760 + 50).reduce((a, b) => a + b / 24, 0),
    )
    const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0)
    expect(Math.round(sum(coolingDegrees(65)(oneEach(days))))).toBe(1368)
    expect(Math.round(365 + sum(heatingDegrees(65)(oneEach(days))))).toBe(1734)
  })
})

describe('temperature bins of the hourly model', () => {
  /** The example table of CalTRACK 2.0, 3.9.2, in °F. */
  it.each([
    [20, [20, 0, 0, 0, 0, 0, 0]],
    [40, [30, 10, 0, 0, 0, 0, 0]],
    [50, [30, 15, 5, 0, 0, 0, 0]],
    [60, [30, 15, 10, 5, 0, 0, 0]],
    [70, [30, 15, 10, 10, 5, 0, 0]],
    [80, [30, 15, 10, 10, 10, 5, 0]],
    [100, [30, 15, 10, 10, 10, 15, 10]],
  ])('split %d °F as CalTRACK does', (temperature, parts) => {
    expect(binParts(temperature, [30, 45, 55, 65, 75, 90])).toEqual(parts)
  })

  it('with fewer than 20 hours join the next', () => {
    const hours = Float64Array.from({ length: 200 }, (_, k) => 10 + (k % 10))
    expect(validBinEnds(hours)).toEqual(binEndsC.slice(2, 4))
    expect(validBinEnds(new Float64Array(50).fill(15))).toEqual([])
  })
})
