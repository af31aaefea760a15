import { describe, expect, it } from 'vitest'
import type { Site } from '../api/types.ts'
import { changesOf, handlesOf, isUnchanged, mergeChanges, whatIfInput } from './what-if.ts'

const site = {
  id: 'park',
  assets: [
    { id: 'grid', kind: 'grid', title: 'Grid', fields: { importLimitKw: 4000 }, points: [] },
    { id: 'battery', kind: 'battery', title: 'Battery', fields: {}, points: [] },
  ],
  sections: {
    limits: { importKw: 3600 },
    wishes: { reserveSoc: 0.2 },
    tariff: {
      import: {
        feePerKwh: 0,
        timeOfUse: {
          periods: [
            { name: 'peak', pricePerKwh: 1.1, from: '14:00', to: '22:00', months: [7] },
            { name: 'peak', pricePerKwh: 1.1, from: '15:00', to: '22:00' },
            { name: 'flat', pricePerKwh: 0.66 },
          ],
        },
      },
      demand: [{ name: 'month', peakSoFarKw: 2200, pricePerKwMonth: 40 }],
      surcharges: [{ name: 'fund', pricePerKwh: 0.03 }],
      carbonPricePerKg: 0.08,
    },
  },
} as unknown as Site

describe('handles of a plan', () => {
  it('are the prices and limits of the site, each period once', () => {
    expect(handlesOf(site)).toEqual({
      importLimitKw: 3600,
      connectionKw: 4000,
      peakSoFarKw: 2200,
      demandPricePerKw: 40,
      reserveSoc: 0.2,
      surchargePerKwh: 0.03,
      carbonPricePerKg: 0.08,
      feePerKwh: 0,
      periods: [
        { name: 'peak', pricePerKwh: 1.1 },
        { name: 'flat', pricePerKwh: 0.66 },
      ],
    })
  })

  it('do not offer an import limit where there is no grid', () => {
    expect(handlesOf({ ...site, assets: [] }).importLimitKw).toBeUndefined()
  })
})

describe('the change a reader wishes', () => {
  it('changes every window of a period and keeps the others', () => {
    const changes = changesOf(site, { periodPrices: { peak: 2 } }) as {
      tariff: { import: { timeOfUse: { periods: { pricePerKwh: number; months?: number[] }[] } } }
    }
    const { periods } = changes.tariff.import.timeOfUse
    expect(periods.map(({ pricePerKwh }) => pricePerKwh)).toEqual([2, 2, 0.66])
    expect(periods[0]?.months).toEqual([7])
  })

  it('scales every price that is not changed by itself, and keeps the reserve that is asked for', () => {
    const changes = changesOf(site, { priceFactor: 0.5, periodPrices: { peak: 2 }, reserveSoc: 0.4 }) as {
      wishes: unknown
      tariff: { import: { timeOfUse: { periods: { pricePerKwh: number }[] } } }
    }
    expect(changes.tariff.import.timeOfUse.periods.map(({ pricePerKwh }) => pricePerKwh)).toEqual([2, 2, 0.33])
    expect(changes.wishes).toEqual({ reserveSoc: 0.4 })
  })

  it('is empty when nothing is changed', () => {
    expect(changesOf(site, {})).toEqual({})
    expect(isUnchanged({ periodPrices: {} })).toBe(true)
    expect(isUnchanged({ importLimitKw: 0 })).toBe(false)
  })

  it('keeps what the published run had changed, such as the state of charge', () => {
    const input = { hours: 24, step: '15m', changes: { assets: { battery: { initialSoc: 0.4 } } } }
    expect(whatIfInput(site, { id: 'x', input }, '2026-07-06T00:00:00+08:00', { importLimitKw: 2000 })).toEqual({
      site: 'park',
      hours: 24,
      step: '15m',
      at: '2026-07-06T00:00:00+08:00',
      changes: { assets: { battery: { initialSoc: 0.4 } }, limits: { importKw: 2000 } },
    })
  })

  it('wins where both change the same', () => {
    expect(mergeChanges({ limits: { importKw: 1, exportKw: 2 } }, { limits: { importKw: 3 } })).toEqual({
      limits: { importKw: 3, exportKw: 2 },
    })
  })
})
