import { describe, expect, it } from 'vitest'
import { MangroveError, type Problem, readSite } from '../../kernel/index.ts'
import { energyPack } from '../pack.ts'

/** Problems of a site with these assets, by path. */
function problemsOf(assets: Readonly<Record<string, unknown>>): readonly Problem[] {
  const site = {
    id: 'x',
    name: 'x',
    location: { latitude: 31, longitude: 119 },
    zone: 'Asia/Shanghai',
    currency: 'CNY',
  }
  try {
    readSite(JSON.stringify({ ...site, assets }), { file: 'site.json', packs: [energyPack] })
    return []
  } catch (error) {
    if (error instanceof MangroveError) return error.problems
    throw error
  }
}
const grid = { kind: 'grid', importLimitKw: 10 }
const battery = { kind: 'battery', capacityKwh: 10, maxChargeKw: 5, maxDischargeKw: 5 }

describe('what no plan could be made of is refused by name', () => {
  it('takes one grid connection and refuses a second', () => {
    expect(problemsOf({ grid })).toEqual([])
    expect(problemsOf({ grid, feeder: grid })).toMatchObject([
      {
        code: 'kernel.bad-value',
        place: { path: 'assets.feeder.kind' },
        expected: expect.stringContaining('grid is the first'),
      },
    ])
  })

  it.each(['chargeEfficiency', 'dischargeEfficiency'])('refuses a battery whose %s is nothing', (field) => {
    expect(problemsOf({ battery: { ...battery, [field]: '50 %' } })).toEqual([])
    expect(problemsOf({ battery: { ...battery, [field]: 0 } })).toMatchObject([
      { code: 'kernel.out-of-range', place: { path: `assets.battery.${field}` }, found: 0 },
    ])
  })

  it('refuses a charger whose efficiency is nothing', () => {
    const ev = { kind: 'ev-charging', feederLimitKw: 10, efficiency: 0, sessions: [] }
    expect(problemsOf({ ev })).toMatchObject([{ place: { path: 'assets.ev.efficiency' } }])
  })
})
