import { describe, expect, it } from 'vitest'
import type { PlanOutput } from '../energy/index.ts'
import { showPlan } from './show-plan.ts'

const plan = (kinds: Readonly<Record<string, string>>, series: PlanOutput['series']): PlanOutput => ({
  site: 'x',
  status: 'optimal',
  start: '2026-01-14T00:00:00Z',
  startMs: Date.UTC(2026, 0, 14),
  zone: 'UTC',
  stepMinutes: 30,
  currency: 'EUR',
  cost: {
    ...{ total: 1, energy: 1, demand: 0, export: 0, fuel: 0 },
    ...{ wear: 0, carbon: 0, flexibility: 0, reserve: 0, storedEnergy: 0 },
  },
  emissionsKgCo2e: 0,
  series,
  units: {},
  assets: Object.entries(kinds).map(([id, kind]) => ({ id, kind, title: id })),
  relaxed: [],
  reasons: [],
  certificate: { maxResidual: 0, boundGap: 0, ok: true, limitsChecked: 1 },
  baseline: { cost: 2, emissionsKgCo2e: 0, unservedKwh: 0 },
  synthetic: false,
})
const rowsOf = (text: string): readonly string[] => text.split('\n').map((line) => line.replace(/\s+/g, ' ').trim())

describe('a plan at a terminal', () => {
  it('tells heat in a table of its own: means of an hour, levels and temperatures at its end', () => {
    const rows = rowsOf(
      showPlan(
        plan(
          { grid: 'grid', pump: 'heat-pump', tank: 'thermal-store', homes: 'heat-load', school: 'zone' },
          {
            'grid.powerKw': [12, 8],
            'pump.powerKw': [12, 8],
            'pump.heatKw': [36, 24],
            'tank.heatKw': [-6, 4],
            'tank.storedKwh': [13, 11],
            'homes.heatKw': [25, 26],
            'school.heatKw': [5, 2],
            'school.airC': [19.8, 20.04],
          },
        ),
      ),
    )
    expect(rows).toContain('time grid heat pump export')
    expect(rows).toContain('00:00 10 10 0')
    expect(rows).toContain('time heat pump from store into store demand rooms tank kWh school °C')
    expect(rows).toContain('00:00 30 2 3 26 4 11 20.0')
  })

  it('tells hydrogen where there is some, and neither where there is none', () => {
    const electric = showPlan(plan({ grid: 'grid' }, { 'grid.powerKw': [1, 1] }))
    expect(electric).not.toMatch(/Heat|Hydrogen/)
    const hydrogen = showPlan(
      plan(
        { grid: 'grid', stack: 'electrolyser', buses: 'hydrogen-load' },
        {
          'grid.powerKw': [50, 50],
          'stack.powerKw': [50, 50],
          'stack.hydrogenKw': [33, 33],
          'buses.hydrogenKw': [33, 33],
        },
      ),
    )
    expect(rowsOf(hydrogen)).toContain('time electrolyser demand')
    expect(rowsOf(hydrogen)).toContain('00:00 33 33')
  })
})
