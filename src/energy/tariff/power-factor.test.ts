import { describe, expect, it } from 'vitest'
import { powerFactorOf, standardAdjustment } from './power-factor.ts'

/** Percent of the bill by hundredths of power factor, for one standard. */
const percents = (standard: number, from: number, to: number): number[] =>
  Array.from(
    { length: to - from + 1 },
    (_, i) => Math.round(standardAdjustment(standard, (from + i) / 100) * 1e6) / 1e4,
  )

/** 功率因数调整电费办法, 水电财字〔1983〕215号, tables 1 to 3. */
describe('the Chinese adjustment for power factor', () => {
  it('standard 0.90: −0.15 % a hundredth to 0.95; +0.5 % below, 10 % at 0.70, 15 % at 0.65, then 2 % each', () => {
    expect(percents(0.9, 89, 96)).toEqual([0.5, 0, -0.15, -0.3, -0.45, -0.6, -0.75, -0.75])
    expect(percents(0.9, 63, 71)).toEqual([19, 17, 15, 14, 13, 12, 11, 10, 9.5])
  })

  it('standard 0.85: −0.1 % to 0.90, then −0.15 %, best −1.1 % from 0.94 on', () => {
    expect(percents(0.85, 84, 95)).toEqual([0.5, 0, -0.1, -0.2, -0.3, -0.4, -0.5, -0.65, -0.8, -0.95, -1.1, -1.1])
    expect(percents(0.85, 59, 66)).toEqual([17, 15, 14, 13, 12, 11, 10, 9.5])
  })

  it('standard 0.80: −1 % at 0.90, −1.15 % at 0.91, best −1.3 % from 0.92 on', () => {
    expect(percents(0.8, 89, 93)).toEqual([-0.9, -1, -1.15, -1.3, -1.3])
    expect(percents(0.8, 54, 61)).toEqual([17, 15, 14, 13, 12, 11, 10, 9.5])
  })

  it('counts two decimals, half upwards: 0.895 is 0.90', () => {
    expect(standardAdjustment(0.9, 0.895)).toBe(0)
    expect(standardAdjustment(0.9, 0.8949)).toBe(0.005)
  })

  it('has no power factor where nothing was metered', () => {
    expect(powerFactorOf(0, 0)).toBeUndefined()
    expect(powerFactorOf(3, 4)).toBeCloseTo(0.6, 12)
  })
})
