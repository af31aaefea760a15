import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MangroveError } from '../errors.ts'
import { convert, inCurrency, parseQuantity, parseUnit, sameDimension } from './index.ts'

const codeOf = (action: () => unknown): string => {
  try {
    action()
  } catch (error) {
    if (error instanceof MangroveError) return error.code
    throw error
  }
  return 'none'
}

describe('units', () => {
  it.each([
    [1, 'MWh', 'kWh', 1000],
    [1, 'kWh', 'MJ', 3.6],
    [1, 'tce', 'GJ', 29.3076],
    [100, 'USD/MWh', 'USD/kWh', 0.1],
    [376, 'gCO₂eq/kWh', 'kgCO2e/kWh', 0.376],
    [1, 'kgCO2e/kWh', 'tCO2e/MWh', 1],
    [1, 'ha', 'm2', 10_000],
    [1, 'm³/s', 'L/s', 1000],
    [1, 'kWh/(m2·d)', 'W/m^2', 1000 / 24],
    [5, 'kWh/m2/d', 'kWh m-2 d-1', 5],
    [25, '°C', 'K', 298.15],
    [180, 'deg', 'rad', Math.PI],
    [15, '%', '1', 0.15],
    [36, 'km/h', 'm/s', 10],
    [250, 'kWp', 'kW', 250],
    [3, 'kvarh', 'varh', 3000],
    [12, 'month', 'a', 1],
  ])('%d %s is %s · %d', (value, from, to, expected) => {
    expect(convert(value, from, to)).toBeCloseTo(expected, 9)
  })

  it.each([
    ['kWh', 'kW'],
    ['kW', 'kvar'],
    ['kg', 'kgCO2e'],
    ['kgCO2', 'kgCO2e'],
    ['CNY/kWh', 'USD/kWh'],
    ['CNY/kWh', 'CNY/kW'],
    ['month', 'd'],
    ['m', 'm2'],
  ])('refuses %s where %s is meant', (from, to) => {
    expect(codeOf(() => convert(1, from, to))).toBe('kernel.unit-mismatch')
  })

  it.each([
    '',
    'furlong',
    'kW//h',
    'kW)',
    '(kW',
    'kkW',
    'W^0',
    '°C/h',
    'kW h 3x',
    'constructor',
    '__proto__',
    'CNYY',
    '2',
    'x'.repeat(99),
  ])('knows that "%s" is no unit', (text) => {
    expect(codeOf(() => parseUnit(text))).toBe('kernel.bad-unit')
  })

  it('says in words what is wrong', () => {
    expect(() => convert(1, 'kWh', 'kW')).toThrow('kWh is energy; power is meant')
    expect(() => convert(1, 'kW', 'CNY/kWh')).toThrow('kW is power; CNY per energy is meant')
  })

  it('reads quantities with their unit', () => {
    expect(parseQuantity('0.5 MW', 'kW')).toBe(500)
    expect(parseQuantity('-3e2kW', 'kW')).toBe(-300)
    expect(parseQuantity('80%', '1')).toBeCloseTo(0.8, 12)
    expect(parseQuantity('.8', '1')).toBe(0.8)
    expect(codeOf(() => parseQuantity('5', 'kW'))).toBe('kernel.bad-quantity')
    expect(codeOf(() => parseQuantity('much', 'kW'))).toBe('kernel.bad-quantity')
  })

  it('puts the currency of the site in the place of CUR', () => {
    expect(inCurrency('CUR/kWh', 'SGD')).toBe('SGD/kWh')
    expect(inCurrency('kW', 'SGD')).toBe('kW')
  })

  it('law: there and back again gives the value', () => {
    const pairs = fc.constantFrom(
      ['MWh', 'J'],
      ['kW', 'GW'],
      ['CNY/MWh', 'CNY/J'],
      ['°C', 'K'],
      ['ha', 'm2'],
      ['kn', 'km/h'],
    )
    fc.assert(
      fc.property(pairs, fc.double({ min: -1e6, max: 1e6, noNaN: true }), ([a = '', b = ''], value) => {
        expect(convert(convert(value, a, b), b, a)).toBeCloseTo(value, 5)
      }),
    )
  })

  it('law: any text is a unit or a clear refusal, never a crash', () => {
    const symbols = fc.array(
      fc.constantFrom('kW', 'h', '/', '·', '(', ')', '^2', '2', '-1', 'CNY', ' ', 'm', 'gCO2e', '%', '°C', 'é'),
      { maxLength: 12 },
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          symbols.map((parts) => parts.join('')),
        ),
        (text) => {
          const code = codeOf(() => parseUnit(text))
          expect(['none', 'kernel.bad-unit']).toContain(code)
          if (code === 'none') {
            const unit = parseUnit(text)
            expect(Number.isFinite(unit.factor)).toBe(true)
            expect(sameDimension(unit.dimension, unit.dimension)).toBe(true)
          }
        },
      ),
      { numRuns: 500 },
    )
  })
})
