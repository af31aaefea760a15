import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { problemsOf } from '../kernel.fixture.ts'
import { quality } from '../series/quality.ts'
import { checkExpression } from './check-expression.ts'
import type { PointColumn } from './column.ts'
import { columnOf, expressions, naive, RoundingDecides, type Scalar, unitOfPoint } from './expression.fixture.ts'
import { printExpression } from './print-expression.ts'

const units: Readonly<Record<string, string>> = {
  ...unitOfPoint,
  'a.kw': 'kW',
  'b.kw': 'kW',
  'store.kwh': 'kWh',
  'room.c': 'degC',
  'out.c': 'degC',
  'grid.price': 'CNY/kWh',
}
const scope = {
  unitOf: (ref: string) => (Object.hasOwn(units, ref) ? units[ref] : undefined),
  known: Object.keys(units),
  currency: 'CNY',
}
const check = (text: string, unit: string) => checkExpression(text, { ...scope, unit })
const column = (...values: (number | null)[]): PointColumn => ({
  values: Float64Array.from(values, (value) => value ?? Number.NaN),
  quality: Uint8Array.from(values, (value) => (value === null ? quality.missing : quality.good)),
})
const answer = (text: string, unit: string, row: Readonly<Record<string, number>> = {}): number => {
  const columns = new Map(Object.entries(row).map(([ref, value]) => [ref, column(value)]))
  return check(text, unit).evaluate(columns, 1).values[0]!
}

describe('units of an expression', () => {
  it.each([
    ['3.6 MJ', 'kWh', 1],
    ['50 % * 200 kW', 'kW', 100],
    ['100 kW * 15 min', 'kWh', 25],
    ['2 MW + 500 kW - 100000 W', 'kW', 2400],
    ['(3 m)^2', 'm2', 9],
    ['10 kWh / 30 min', 'kW', 20],
    ['100 kW * 0.6601 CNY/kWh', 'CNY/h', 66.01],
    ['100 kW * 0.6601 CUR/kWh', 'CUR/h', 66.01],
    ['1 MWh * 0.5 kgCO2e/kWh', 'tCO2e', 0.5],
    ['0.2 * 3', '%', 60],
    ['20 °C + 5 K', '°C', 25],
    ['20 °C - 15 °C', 'K', 5],
    ['mean(20 °C, 30 °C)', '°C', 25],
    ['max(20 °C, 0 °C + 300 K)', '°C', 300],
    ['20 °C', 'K', 293.15],
    ['35 °C / (35 °C - 0 °C)', '1', 308.15 / 35],
    ['(2 W)^-2 * 4 W^3', 'kW', 0.001],
  ])('%s in %s is %d', (text, unit, wanted) => {
    const value = answer(text, unit)
    expect(Math.abs(value - wanted)).toBeLessThanOrEqual(1e-12 * Math.abs(wanted))
  })

  it('of one kind add without rounding', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, min: -1e9, max: 1e9 }),
        fc.double({ noNaN: true, min: -1e9, max: 1e9 }),
        (a, b) => {
          expect(answer('a.kw - b.kw', 'kW', { 'a.kw': a, 'b.kw': b })).toBe(a - b)
        },
      ),
    )
  })

  it.each([
    [
      'a.kw + store.kwh',
      'kW',
      'kernel.unit-mismatch',
      '"a.kw" in kW is power, "store.kwh" in kWh is energy',
      'store.kwh',
    ],
    ['a.kw', 'kWh', 'kernel.unit-mismatch', 'the expression is power; energy is meant', 'a.kw'],
    ['max(0, a.kw)', 'kW', 'kernel.unit-mismatch', '"0" is a plain number, "a.kw" in kW is power', 'a.kw'],
    ['if(a.kw > 5, a.kw, b.kw)', 'kW', 'kernel.unit-mismatch', '"5" is a plain number', '5'],
    ['if(a.kw > 5 kW, a.kw, 0)', 'kW', 'kernel.unit-mismatch', 'Column 23', '0'],
    ['grid.price + 1 EUR/kWh', 'CNY/kWh', 'kernel.unit-mismatch', 'CNY per energy', '1 EUR/kWh'],
    ['a.kw * 3 kX', 'kW', 'kernel.bad-unit', 'Column 8: this is no unit', 'kX'],
    ['a.kv * 3', 'kW', 'kernel.unknown-point', 'did you mean "a.kw"', 'a.kv'],
    ['5-a.kw', 'kW', 'kernel.unknown-point', 'a minus has a space before it', '5-a.kw'],
    ['a.kw-5 + b.kw', 'kW', 'kernel.unknown-point', 'a minus has a space before it', 'a.kw-5'],
    ['room.c + out.c', 'degC', 'kernel.unit-mismatch', 'readings do not add up', 'room.c + out.c'],
    [
      'room.c - out.c',
      'degC',
      'kernel.unit-mismatch',
      'a difference in K; a reading in degC is meant',
      'room.c - out.c',
    ],
    ['abs(room.c)', 'degC', 'kernel.unit-mismatch', 'readings', 'abs(room.c)'],
    ['if(room.c > 20 K, 1, 0)', '1', 'kernel.unit-mismatch', 'Column 13', '20 K'],
    ['-room.c', 'degC', 'kernel.unit-mismatch', 'readings', 'room.c'],
    ['((1 kW^9)^9)^9', '1', 'kernel.bad-expression', 'no quantity has such a dimension', '((1 kW^9)^9)'],
  ])('refuses %s in %s', (text, unit, code, detail, found) => {
    const [problem, ...more] = problemsOf(() => check(text, unit))
    expect(more).toEqual([])
    expect(problem).toMatchObject({ code, status: 422, found })
    expect(problem?.detail).toContain(detail)
    expect(problem?.detail).toMatch(/^Column \d+: /)
    expect(problem?.expected).toMatch(/\S/)
  })

  it('tells its points and its dimension', () => {
    expect(check('a.kw + b.kw + a.kw', 'MW')).toMatchObject({
      refs: ['a.kw', 'b.kw'],
      unit: 'MW',
      dimension: { kg: 1, m: 2, s: -3 },
    })
  })
})

describe('evaluating an expression', () => {
  it('equals the definitions row by row, for random expressions, units, qualities and missing values', () => {
    const rows = 6
    const columns = fc.record(Object.fromEntries(Object.keys(unitOfPoint).map((ref) => [ref, columnOf(rows)])))
    let [compared, decided] = [0, 0]
    fc.assert(
      fc.property(expressions.power, columns, fc.constantFrom('kW', 'MW'), (expression, given, unit) => {
        const text = printExpression(expression)
        fc.pre(text.length <= 2000)
        const checked = check(text, unit)
        const result = checked.evaluate(new Map(Object.entries(given)), rows)
        for (let k = 0; k < rows; k += 1) {
          const scalarOf = (ref: string): Scalar => {
            const [value, code] = [given[ref]!.values[k]!, given[ref]!.quality[k]!]
            return Number.isFinite(value) && code < quality.missing ? { value, quality: code, error: 0 } : undefined
          }
          let wanted: Scalar
          try {
            wanted = naive(expression, scalarOf)
          } catch (error) {
            if (!(error instanceof RoundingDecides)) throw error
            decided += 1
            continue
          }
          compared += 1
          const [value, code] = [result.values[k]!, result.quality[k]!]
          expect(code, text).toBe(wanted?.quality ?? quality.missing)
          if (!wanted) expect(value, text).toBeNaN()
          else {
            const factor = unit === 'kW' ? 1000 : 1e6
            const error = Math.abs(value * factor - wanted.value)
            expect(error, text).toBeLessThanOrEqual(4 * wanted.error + 1e-15 * Math.abs(wanted.value))
          }
        }
      }),
      { numRuns: 600 },
    )
    expect(compared).toBeGreaterThan(5 * decided)
  })

  it('keeps the law of a column: NaN stands exactly where quality is missing', () => {
    const columns = fc.record(Object.fromEntries(Object.keys(unitOfPoint).map((ref) => [ref, columnOf(4)])))
    fc.assert(
      fc.property(expressions.plain, columns, (expression, given) => {
        const text = printExpression(expression)
        fc.pre(text.length <= 2000)
        const { values, quality: codes } = check(text, '%').evaluate(new Map(Object.entries(given)), 4)
        values.forEach((value, k) => {
          expect(Number.isFinite(value), text).toBe(codes[k] !== quality.missing)
          if (codes[k] === quality.missing) expect(value).toBeNaN()
        })
      }),
    )
  })

  it('is missing after a division by zero, never infinite, and coalesce can answer it', () => {
    expect(answer('a.kw / (b.kw - b.kw)', '1', { 'a.kw': 5, 'b.kw': 2 })).toBeNaN()
    expect(answer('1 / (1 / (a.kw - a.kw))', 'kW', { 'a.kw': 5 })).toBeNaN()
    expect(answer('coalesce(a.kw / 0, 7 kW)', 'kW', { 'a.kw': 5 })).toBe(7)
    expect(answer('1e200 * 1e200 * a.kw', 'kW', { 'a.kw': 5 })).toBeNaN()
  })

  it('does not look at what if does not choose, and is missing where the condition is', () => {
    const columns = new Map([
      ['a.kw', column(1, 5, null)],
      ['b.kw', column(null, 3, 3)],
    ])
    const { values } = check('if(a.kw < 2 kW, a.kw, b.kw)', 'kW').evaluate(columns, 3)
    expect([...values]).toEqual([1, 3, Number.NaN])
  })

  it('takes a point without a column as missing', () => {
    const { values, quality: codes } = check('coalesce(a.kw, b.kw + 1 kW)', 'kW').evaluate(
      new Map([['b.kw', column(1, null)]]),
      2,
    )
    expect([...values]).toEqual([2, Number.NaN])
    expect([...codes]).toEqual([quality.good, quality.missing])
  })

  it('is the same in chunks and row by row, changes no input, and answers no rows with none', () => {
    const count = 2500
    const given: PointColumn = {
      values: Float64Array.from({ length: count }, (_, k) => Math.sin(k) * 100),
      quality: Uint8Array.from({ length: count }, (_, k) => k % 4),
    }
    const before = given.values.slice()
    const checked = check('if(a.kw > 3 kW, a.kw * 2, abs(a.kw)) + a.kw^2 / 1 kW', 'kW')
    const whole = checked.evaluate(new Map([['a.kw', given]]), count)
    for (let k = 0; k < count; k += 1) {
      const one = { values: given.values.slice(k, k + 1), quality: given.quality.slice(k, k + 1) }
      const alone = checked.evaluate(new Map([['a.kw', one]]), 1)
      expect([alone.values[0], alone.quality[0]]).toEqual([whole.values[k], whole.quality[k]])
    }
    expect(given.values).toEqual(before)
    expect(checked.evaluate(new Map(), 0).values).toHaveLength(0)
    expect(() => checked.evaluate(new Map([['a.kw', given]]), 3)).toThrow(RangeError)
  })
})
