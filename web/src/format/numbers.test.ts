import { describe, expect, it } from 'vitest'
import { formatNumber, show, showMoney } from './numbers.ts'

describe('numbers', () => {
  it.each([
    [0, '0'],
    [1234.5, '1\u202f235'],
    [1234567, '1\u202f234\u202f567'],
    [12.345, '12.35'],
    [0.12345, '0.123'],
    [-3.2, '\u22123.2'],
    [-0.0001, '0'],
    [Number.NaN, '–'],
  ])('%d is shown as %s', (value, text) => {
    expect(formatNumber(value)).toBe(text)
  })

  it('shows large power in MW, shares in per cent, money without decimals from a hundred on', () => {
    expect(show(12_345, 'kW')).toEqual({ text: '12.35', unit: 'MW' })
    expect(show(0.305, '1')).toEqual({ text: '30.5', unit: '%' })
    expect(showMoney(1234.56, 'CNY')).toEqual({ text: '1\u202f235', unit: 'CNY' })
    expect(showMoney(12.345, 'CNY')).toEqual({ text: '12.35', unit: 'CNY' })
  })
})
