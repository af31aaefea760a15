import { describe, expect, it } from 'vitest'
import { resample, sparkline, stackedChart } from './chart.ts'
import { displayWidth, formatNumber, table, wrap } from './layout.ts'

describe('terminal chart', () => {
  it('takes means of equal parts and keeps a gap a gap', () => {
    expect(resample([1, 3, 5, 7], 2)).toEqual([2, 6])
    expect(resample([1, null, 5, 7], 2)).toEqual([Number.NaN, 6])
    expect(resample([4], 3)).toEqual([4, 4, 4])
  })

  it('draws lowest, highest and missing', () => {
    expect(sparkline([0, 0.5, 1, Number.NaN], 0, 1)).toBe(' ▄█·')
  })

  it('stacks layers from the bottom', () => {
    const layers = [
      { letter: 'S', values: [0, 10, 5] },
      { letter: 'G', values: [10, 0, 5] },
    ]
    expect(stackedChart(layers, 2, 10)).toEqual(['GSG', 'GSS'])
  })
})

describe('terminal layout', () => {
  it('shows numbers with thin gaps and a missing value as a dash', () => {
    expect([formatNumber(12345.6, 1), formatNumber(-0.2), formatNumber(-1234), formatNumber(Number.NaN)]).toEqual([
      '12 345.6',
      '0',
      '-1 234',
      '–',
    ])
  })

  it('aligns wide characters', () => {
    expect(displayWidth('电池 1')).toBe(6)
    expect(table(['a', 'kW'], [['电池', '1']])).toEqual(['a     kW', '────────', '电池   1'])
  })

  it('breaks words at the width', () => {
    expect(wrap('one two three', 7, '  ')).toBe('one two\n  three')
  })
})
