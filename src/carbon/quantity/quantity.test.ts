import { Decimal as DecimalJs } from 'decimal.js'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { convert as kernelConvert, MangroveError } from '../../kernel/index.ts'
import {
  add,
  convert,
  Decimal,
  multiply,
  parseDecimal,
  plus,
  printedDecimals,
  quantity,
  sum,
  times,
  weigh,
} from './index.ts'

const codeOf = (action: () => unknown): string => {
  try {
    action()
  } catch (error) {
    if (error instanceof MangroveError) return error.code
    throw error
  }
  return 'none'
}

describe('decimals', () => {
  it.each(['8,42769', '1 000', '', 'NaN', 'Infinity', '0x10', '1e999', '--1', '1.'])('refuses "%s"', (text) => {
    expect(codeOf(() => parseDecimal(text))).toBe('carbon.bad-decimal')
  })

  it('keeps a number as it is printed', () => {
    expect(['5187.50', '145000', '3e-4', '1.25e1'].map(printedDecimals)).toEqual([2, 0, 4, 1])
    expect(parseDecimal(0.1).toFixed()).toBe('0.1')
  })

  it('never rounds a sum or a product without saying so', () => {
    const long = parseDecimal('12345678901234567890123456789012')
    expect(times(long, long).toFixed()).toBe((12345678901234567890123456789012n ** 2n).toString())
    expect(codeOf(() => plus(new Decimal('1e60'), new Decimal('1e-60')))).toBe('carbon.too-many-digits')
    expect(codeOf(() => times(times(long, long), long))).toBe('carbon.too-many-digits')
    expect(codeOf(() => parseDecimal('1'.repeat(33)))).toBe('carbon.too-many-digits')
  })

  it('is not reached by settings of others', () => {
    DecimalJs.set({ precision: 5 })
    onTestFinished(() => void DecimalJs.set({ defaults: true }))
    expect(new Decimal(1).dividedBy(3).toFixed()).toHaveLength(66)
  })
})

const electricity = (amount: string, unit: string) => quantity(amount, unit, { subject: 'electricity' })
const gridFactor = quantity('0.5306', 'kgCO2/kWh', { subject: 'electricity', boundary: 'direct' })

describe('quantities', () => {
  it('multiply over units without an error', () => {
    const emissions = multiply(electricity('1234.5', 'MWh'), gridFactor, 't')
    expect(emissions.amount.toFixed()).toBe('655.0257')
    expect(emissions.basis).toEqual({ gas: 'CO2', boundary: 'direct' })
  })

  it('turn fuel into CO2 by IPCC 2006: 1 Gg diesel of 43.0 TJ/Gg and 74,100 kg/TJ is 3,186.3 t', () => {
    const diesel = { subject: 'diesel' }
    const energy = multiply(quantity('1', 'Gg', diesel), quantity('43.0', 'TJ/Gg', { ...diesel }), 'TJ')
    expect(energy.amount.toFixed()).toBe('43')
    const factor = quantity('74100', 'kgCO2/TJ', { subject: 'diesel', heatingValue: 'LHV', boundary: 'direct' })
    const fuel = { ...energy, basis: { subject: 'diesel', heatingValue: 'LHV' } as const }
    expect(multiply(fuel, factor, 't').amount.toFixed()).toBe('3186.3')
  })

  it('weigh gases by GWPs that are no whole numbers (27.9, AR6)', () => {
    const methane = quantity('1000', 'kgCH4', { boundary: 'direct' })
    const weighed = weigh(methane, parseDecimal('27.9'), 'AR6')
    expect(weighed).toMatchObject({ unit: 'kg', basis: { gas: 'CO2e', gwpSet: 'AR6', boundary: 'direct' } })
    expect(weighed.amount.toFixed()).toBe('27900')
  })

  it.each([
    ['kWh for MWh', () => multiply(electricity('1', 'kW'), gridFactor), 'unit-mismatch'],
    ['TEU-km for t-km', () => multiply(quantity('24', 't·km'), quantity('0.05', 'kg/(TEU·km)')), 'unit-mismatch'],
    ['W for kWh', () => multiply(quantity('40', 'W'), quantity('0.45', 'kg/kWh')), 'unit-mismatch'],
    ['Nm3 for m3', () => multiply(quantity('40', 'm3'), quantity('0.717', 'kg/Nm3')), 'unit-mismatch'],
    [
      'diesel for electricity',
      () => multiply(quantity('1', 'kWh', { subject: 'diesel' }), gridFactor),
      'basis-mismatch',
    ],
    ['no subject', () => multiply(quantity('1', 'kWh'), gridFactor), 'basis-mismatch'],
    [
      'HHV for LHV',
      () =>
        multiply(quantity('1', 'GJ', { heatingValue: 'HHV' }), quantity('56.1', 'kgCO2/GJ', { heatingValue: 'LHV' })),
      'basis-mismatch',
    ],
    ['kg and t of unlike gas', () => add(quantity('1', 'kgCO2'), quantity('1', 'kgCH4')), 'basis-mismatch'],
    [
      'AR5 and AR6',
      () => add(quantity('1', 'kgCO2e', { gwpSet: 'AR5' }), quantity('1', 'kgCO2e', { gwpSet: 'AR6' })),
      'basis-mismatch',
    ],
    [
      'direct and lifecycle',
      () => add(quantity('1', 'tCO2', { boundary: 'direct' }), quantity('1', 'tCO2', { boundary: 'lifecycle' })),
      'basis-mismatch',
    ],
    ['CO2e without a set', () => quantity('1', 'tCO2e'), 'basis-mismatch'],
    ['a set without CO2e', () => quantity('1', 'tCO2', { gwpSet: 'AR5' }), 'basis-mismatch'],
    ['mass for energy', () => convert(quantity('1', 't'), 'tce'), 'unit-mismatch'],
    ['CO2 as CO2e', () => convert(quantity('1', 'tCO2'), 'tCO2e'), 'basis-mismatch'],
    ['a ton', () => quantity('1', 'tons'), 'bad-unit'],
    ['nothing at all', () => sum([]), 'bad-decimal'],
  ])('refuse %s', (_, action, code) => {
    expect(codeOf(action)).toBe(`carbon.${code}`)
  })

  it('name both sides', () => {
    expect(() => multiply(quantity('24', 't·km'), quantity('0.05', 'kg/(TEU·km)'))).toThrow(/t·km times kg\/\(TEU·km\)/)
    const [a, b] = [quantity('1', 'tCO2', { boundary: 'direct' }), quantity('1', 'tCO2', { boundary: 'lifecycle' })]
    expect(() => add(a, b)).toThrow(/the boundary is lifecycle on one side and direct on the other/)
  })

  it('add what a construction app printed as 1,000,306.56: a million kg and 306.56 t', () => {
    expect(add(quantity('306.56', 't'), quantity('1000000', 'kg')).amount.toFixed()).toBe('1306.56')
  })

  it.each([
    ['MWh', 'GJ'],
    ['tce', 'GJ'],
    ['kgce', 'kWh'],
    ['kg/TJ', 't/GJ'],
    ['MMBtu', 'MJ'],
    ['g/kWh', 'kg/MWh'],
    ['kg/L', 't/m3'],
  ])('agree with the units of the house: %s in %s', (from, to) => {
    expect(convert(quantity('7', from), to).amount.toNumber()).toBeCloseTo(kernelConvert(7, from, to), 9)
  })

  it('law: there and back again is the same amount, and parts add up in any order', () => {
    const amount = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }).map((whole) => (whole / 1000).toFixed(3))
    const units = fc.constantFrom(['kg', 't'], ['kWh', 'MWh'], ['kgCO2', 'tCO2'], ['km', 'm'])
    fc.assert(
      fc.property(fc.array(amount, { minLength: 1, maxLength: 8 }), units, (amounts, [one = '', other = '']) => {
        const all = amounts.map((text) => quantity(text, one))
        const back = all.map((each) => convert(convert(each, other), one))
        const total = sum(all)
        expect(sum(back.toReversed()).amount.toFixed()).toBe(total.amount.toFixed())
        expect(convert(sum(all.map((each) => convert(each, other))), one).amount.toFixed()).toBe(total.amount.toFixed())
      }),
      { numRuns: 60 },
    )
  })
})
