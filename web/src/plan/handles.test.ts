import { describe, expect, it } from 'vitest'
import type { ExplainOutput, PlanOutput } from '../api/types.ts'
import { changeThatSaves, explainedAt } from './explained.ts'
import { peakOf } from './peak.ts'
import { priceStretches } from './price-stretches.ts'

const periods = [
  { name: 'peak', pricePerKwh: 1.1 },
  { name: 'valley', pricePerKwh: 0.3 },
  { name: 'holiday', pricePerKwh: 0.3 },
  { name: 'never', pricePerKwh: 9 },
]

describe('handles of prices', () => {
  it('stand on the longest stretch in which a period holds, with what is added to its price', () => {
    const prices = [1.25, 0.45, 0.45, 1.25, 1.25, 1.25, null, 0.45]
    expect(priceStretches(prices, { periods, feePerKwh: 0.1, surchargePerKwh: 0.05 })).toEqual([
      { period: periods[0], reach: [3 / 8, 6 / 8] },
      { period: periods[1], reach: [1 / 8, 3 / 8] },
    ])
  })

  it('are none where no period is seen', () => {
    expect(priceStretches([0.5, 0.5], { periods, feePerKwh: 0, surchargePerKwh: 0 })).toEqual([])
  })
})

describe('the peak of a plan', () => {
  const plan = {
    startMs: 0,
    stepMinutes: 15,
    assets: [{ id: 'grid', kind: 'grid', title: 'Grid' }],
    series: { 'grid.powerKw': [100, 250, -40] },
  } as unknown as PlanOutput

  it('costs what it rises above that of the month', () => {
    expect(peakOf(plan, { demandPricePerKw: 40, peakSoFarKw: 200 })).toMatchObject({
      plannedKw: 250,
      riseKw: 50,
      cost: 2000,
    })
  })

  it('costs nothing below it, and is not told without a demand charge', () => {
    expect(peakOf(plan, { demandPricePerKw: 40, peakSoFarKw: 300 })).toMatchObject({ riseKw: 0, cost: 0 })
    expect(peakOf(plan, { demandPricePerKw: undefined, peakSoFarKw: undefined })).toBeUndefined()
  })
})

describe('an explanation at a moment', () => {
  const worth = { carrier: 'electricity', bus: 'main', fromMs: 0, toMs: 10, pricePerKwh: 0.3, parts: [], text: '' }
  const limit = {
    ...{ path: 'wishes.reserveSoc', asset: null, value: 0.2, unit: '1', worthAtStep: null, text: '' },
    ...{ worthOfMore: -2300, costOfLess: -2300 },
    whenMs: [
      [10, 20],
      [30, 40],
    ],
  }
  const explained = {
    worths: [worth, { ...worth, bus: 'far', pricePerKwh: 9 }, { ...worth, fromMs: 10, toMs: 20, pricePerKwh: 0.5 }],
    limits: [limit],
  } as unknown as ExplainOutput

  it('is the stretch it falls in, with the limits that bind then', () => {
    expect(explainedAt(explained, 5)).toEqual({ worth, limits: [] })
    expect(explainedAt(explained, 15).worth?.pricePerKwh).toBe(0.5)
    expect(explainedAt(explained, 15).limits).toHaveLength(1)
    expect(explainedAt(explained, 25)).toEqual({ worth: undefined, limits: [] })
  })

  it('says which way of a limit saves money, of a share by the hundredth', () => {
    const of = (more: number, less: number, unit: string) =>
      changeThatSaves({ ...limit, worthOfMore: more, costOfLess: less, unit } as never)
    expect(of(-2300, -2300, '1')).toEqual({ way: 'less', saves: 23, unit: '%' })
    expect(of(2.5, 2.5, 'kW')).toEqual({ way: 'more', saves: 2.5, unit: 'kW' })
    expect(of(0, 4, 'kW')).toBeUndefined()
  })
})
