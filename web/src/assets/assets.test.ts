import { describe, expect, it } from 'vitest'
import type { PlanOutput, SiteAsset } from '../api/types.ts'
import { fromBase64, kindOf, nameOf, toBase64 } from './asset-documents.ts'
import { assetPlan } from './asset-plan.ts'
import { fieldLines, plainName, unitOf } from './field-text.ts'
import { setpointsOf } from './setpoints-of.ts'

describe('fields of an asset', () => {
  it('have the units of their names, shares as per cent, and parts of parts', () => {
    const lines = fieldLines(
      { ratedKw: 100, minSoc: 0.1, wear: { cycleLife: 7000 }, curtailable: true, left: null },
      'CNY',
    )
    expect(lines).toEqual([
      { path: 'ratedKw', names: ['ratedKw'], value: { kind: 'number', value: 100, unit: 'kW' } },
      { path: 'minSoc', names: ['minSoc'], value: { kind: 'number', value: 10, unit: '%' } },
      { path: 'wear.cycleLife', names: ['wear', 'cycleLife'], value: { kind: 'number', value: 7000, unit: '' } },
      { path: 'curtailable', names: ['curtailable'], value: { kind: 'truth', value: true } },
    ])
  })

  it('count money in the currency of the site, and what is lost a day in per cent', () => {
    const lines = fieldLines({ replacementCostPerKwh: 800, startCost: 50, selfDischargePerDay: 0.001 }, 'CNY')
    expect(lines.map(({ value }) => value)).toEqual([
      { kind: 'number', value: 800, unit: 'CNY/kWh' },
      { kind: 'number', value: 50, unit: 'CNY' },
      { kind: 'number', value: 0.1, unit: '%/d' },
    ])
  })

  it('are told by number where they are long', () => {
    const [demand, sessions] = fieldLines({ demand: [3, 1, 2], sessions: [{ id: 'a' }] }, 'CNY')
    expect(demand!.value).toEqual({ kind: 'numbers', count: 3, low: 1, high: 3 })
    expect(sessions!.value).toMatchObject({ kind: 'list', count: 1 })
  })

  it('are named as a person would where there is no word', () => {
    expect([plainName('hubHeightM'), plainName('dcAcRatio'), unitOf('capacityKwp'), unitOf('model')]).toEqual([
      ...['Hub height', 'Dc ac ratio', 'kWp', ''],
    ])
  })
})

describe('documents', () => {
  it('are named so that the API takes them, files of other letters too', () => {
    expect(nameOf('Data sheet (v2).PDF')).toBe('data-sheet-v2-pdf')
    for (const name of ['数据表', '…', '数据', `${'x'.repeat(100)}.pdf`]) {
      expect(nameOf(name)).toMatch(/^[a-z0-9][a-z0-9-]{0,62}$/)
    }
    expect(nameOf('数据')).not.toBe(nameOf('图纸'))
    expect(kindOf('roof-pv')).toBe('asset-roof-pv')
  })

  it('keep every byte', () => {
    const bytes = Uint8Array.from({ length: 100_000 }, (_, at) => (at * 7) % 256)
    expect(fromBase64(toBase64(bytes))).toEqual(bytes)
  })
})

describe('an asset in the plan', () => {
  const asset = (id: string, kind: string): SiteAsset => ({ id, kind, title: id, fields: {}, points: [] })
  const plan = {
    stepMinutes: 30,
    series: { 'pv.powerKw': [10, 30], 'grid.powerKw': [20, -20], 'hall.powerKw': [30, 10] },
  } as unknown as PlanOutput
  const assets = [asset('pv', 'pv'), asset('grid', 'grid'), asset('hall', 'load'), asset('pump', 'heat-pump')]

  it('gives and takes its part of the whole', () => {
    expect(assetPlan(plan, assets, 'grid')).toEqual({
      ...{ givenKwh: 10, takenKwh: 10, peakKw: 20, givenShare: 10 / 30, takenShare: 10 / 30 },
    })
    expect(assetPlan(plan, assets, 'hall')).toMatchObject({ givenKwh: 0, takenKwh: 20, givenShare: undefined })
    expect(assetPlan(plan, assets, 'pump')).toBeUndefined()
  })
})

describe('setpoints of an asset', () => {
  it('are those that it is told by, or that it does', () => {
    const setpoint = (ref: string, does: string | null) => ({
      ref,
      readBack: does === null ? null : { ref: does, value: 1, quality: 0, atMs: 0 },
    })
    const all = [
      setpoint('battery.setpointKw', null),
      setpoint('ems.limit', 'battery.powerKw'),
      setpoint('pv.limit', null),
    ]
    expect(setpointsOf('battery', all).map(({ ref }) => ref)).toEqual(['battery.setpointKw', 'ems.limit'])
  })
})
