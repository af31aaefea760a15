import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { PlanOutput } from '../api/types.ts'
import { flowOf } from '../park/flow.ts'
import { familyOf } from '../ui/families.ts'
import { carrierSpec, levelSpec, roomSpec } from './carrier-specs.ts'
import { powerSpec, siteUseKw } from './plan-specs.ts'

const say = (key: string): string => key
const assets = [
  ['pump', 'heat-pump'],
  ['gas', 'boiler'],
  ['tank', 'thermal-store'],
  ['homes', 'heat-load'],
  ['school', 'zone'],
  ['grid', 'grid'],
].map(([id = '', kind = '']) => ({ id, kind, title: id }))
const plan = {
  startMs: 0,
  stepMinutes: 60,
  assets,
  series: {
    'pump.powerKw': [10, 0],
    'pump.heatKw': [30, 0],
    'gas.heatKw': [0, 5],
    'tank.heatKw': [-8, 12],
    'tank.storedKwh': [28, 16],
    'homes.heatKw': [20, 15],
    'school.heatKw': [2, 2],
    'school.airC': [20.4, 19.8],
    'school.lowC': [20, 15],
    'school.highC': [24, 24],
    'grid.powerKw': [10, 0],
  },
} as unknown as PlanOutput
const input = { plan, published: undefined, say }

describe('the charts of heat', () => {
  it('stack what makes heat and what stores give, with filling below and use over it', () => {
    const lines = carrierSpec(input, 'heat')?.lines.map(({ label, values }) => [label, values])
    expect(lines).toEqual([
      ['kind.heat-pump', [30, 0]],
      ['kind.boiler', [30, 5]],
      ['plan.heatGiven', [30, 17]],
      ['plan.heatStoring', [-8, -0]],
      ['plan.heatUse', [22, 17]],
    ])
  })

  it('show levels and rooms where a site has them, and nothing of hydrogen where it has none', () => {
    expect(levelSpec(input, 'heat')).toMatchObject({ unit: 'kWh', lines: [{ label: 'tank', values: [28, 16] }] })
    expect(roomSpec(input)).toMatchObject({ range: [14, 25], unit: '°C' })
    expect(carrierSpec(input, 'hydrogen')).toBeUndefined()
    expect(levelSpec(input, 'hydrogen')).toBeUndefined()
    expect(carrierSpec({ ...input, plan: { ...plan, assets: [] } }, 'heat')).toBeUndefined()
  })

  it('leave electricity to its own: a heat pump is a use, a fuel boiler is not there', () => {
    expect(siteUseKw(plan)).toEqual([10, 0])
    expect(powerSpec(input).lines.map(({ label }) => label)).toEqual(['kind.grid', 'plan.use'])
    const flow = flowOf(
      assets.map((asset) => ({ ...asset, fields: {}, points: [] })),
      (ref) => plan.series[ref]?.[0] ?? undefined,
    )
    expect(flow.use.map(({ id, powerKw }) => [id, powerKw])).toEqual([
      ['pump', 10],
      ['grid', 0],
    ])
  })
})

describe('kinds of the energy room', () => {
  const folder = new URL('../../../src/energy/components/', import.meta.url)
  const kinds = readdirSync(folder)
    .filter((name) => name.endsWith('.ts') && !/\.(test|fixture)\.ts$/.test(name))
    .flatMap((name) => readFileSync(new URL(name, folder), 'utf8').match(/^ {2}kind: '([a-z-]+)'/m)?.[1] ?? [])

  it.each(kinds)('%s has a family, so that the console draws it', (kind) => {
    expect(familyOf(kind)).toBeDefined()
  })

  it('are read from their files', () => expect(kinds.length).toBeGreaterThan(10))
})
