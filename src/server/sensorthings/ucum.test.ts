import { describe, expect, it } from 'vitest'
import { fromUcum, toUcum } from './ucum.ts'

describe('units in UCUM (The Unified Code for Units of Measure, 2.1)', () => {
  it.each([
    ['kW', 'kW'],
    ['kWh', 'kW.h'],
    ['MWh', 'MW.h'],
    ['degC', 'Cel'],
    ['m3', 'm3'],
    ['W/m²', 'W/m2'],
    ['L/kWh', 'L/(kW.h)'],
    ['kgCO2e/kWh', 'kg{CO2e}/(kW.h)'],
    ['%', '%'],
    ['1', '1'],
    ['µg/m3', 'ug/m3'],
    ['kvarh', 'kV.A{reactive}.h'],
    ['kn', '[kn_i]'],
  ])('%s is %s, and back', (unit, code) => {
    expect(toUcum(unit)).toBe(code)
    expect(toUcum(fromUcum(code))).toBe(code)
  })

  it.each(['CNY/kWh', 'tce', 'furlong', 'kWh2', ''])('has no code for %j', (unit) => {
    expect(toUcum(unit)).toBeUndefined()
  })
})
