import { describe, expect, it } from 'vitest'
import { newestRows, type Reading } from './pedigree-queries.ts'
import { addressOf } from './point-address.ts'
import { factorsOf, pathText, readingTitle, valueAt } from './run-facts.ts'

const gateways = {
  substation: {
    ...{ protocol: 'modbus', title: 'Meters', host: '192.0.2.10', port: 502 },
    devices: { feeder: { template: 'schneider-pm5000', unitId: 1, asset: 'grid' } },
  },
  controllers: {
    ...{ protocol: 'modbus', title: 'Controllers', host: '192.0.2.40', port: 502 },
    devices: {
      genset: { unitId: 1, asset: 'genset', registers: [{ point: 'targetKw', address: 10, type: 'f32' }] },
      pv: { unitId: 2, registers: [{ point: 'roof.limitKw', address: 0, type: 'f32' }] },
    },
  },
  broker: { protocol: 'mqtt', url: 'mqtts://broker.example', topics: [{ topic: 'park/air', point: 'air.pm25' }] },
}

describe('the address of a point', () => {
  it('is its register, whether the point is named whole or within its asset', () => {
    const target = addressOf(gateways, 'genset.targetKw', undefined)
    expect(target).toMatchObject({ gateway: 'controllers', host: '192.0.2.40:502', device: 'genset' })
    expect(target?.facts).toEqual([
      ['unitId', '1'],
      ['address', '10'],
      ['type', 'f32'],
    ])
    expect(addressOf(gateways, 'roof.limitKw', undefined)?.device).toBe('pv')
  })

  it('is the template of the device of its asset, or a topic', () => {
    expect(addressOf(gateways, 'grid.powerKw', undefined)?.facts).toContainEqual(['template', 'schneider-pm5000'])
    expect(addressOf(gateways, 'air.pm25', undefined)).toMatchObject({
      host: 'mqtts://broker.example',
      facts: [['topic', 'park/air']],
    })
  })

  it('is the gateway that told it, where the site file does not say more', () => {
    expect(addressOf(gateways, 'air.pm10', 'broker')).toMatchObject({ gateway: 'broker', facts: [] })
    expect(addressOf(gateways, 'air.pm10', undefined)).toBeUndefined()
    expect(addressOf(undefined, 'air.pm10', 'broker')).toBeUndefined()
    expect(addressOf({ odd: 'text', other: { devices: [1] } }, 'a.b', undefined)).toBeUndefined()
  })
})

describe('a number in a run', () => {
  const output = { series: { 'grid.powerKw': [1, 2, 3] }, cost: { total: 7 } }

  it('is found by its path, and nothing where the path leads nowhere', () => {
    expect(valueAt(output, ['series', 'grid.powerKw', 2])).toBe(3)
    expect(valueAt(output, ['cost', 'none', 'total'])).toBeUndefined()
  })

  it('has its path in writing', () => {
    expect(pathText(['series', 'grid.powerKw', 2])).toBe('series["grid.powerKw"][2]')
    expect(pathText(['cost', 'total'])).toBe('cost.total')
  })

  it('says what was read, and on which factors it rests', () => {
    const reading = (request: unknown): Reading => ({ kind: 'series', request, sha256: '' })
    expect(readingTitle(reading({ site: 'park', path: 'assets.factory.demand' }))).toBe('assets.factory.demand')
    expect(readingTitle(reading('weather.epw'))).toBe('weather.epw')
    expect(readingTitle(reading({ deep: {} }))).toBe('')
    expect(factorsOf({ factors: [{ factor: 'cn-grid', value: '0.5', unit: 'kg/kWh', document: 'MEE' }, {}] })).toEqual([
      { id: 'cn-grid', value: '0.5 kg/kWh', document: 'MEE' },
    ])
    expect(factorsOf(output)).toEqual([])
  })
})

describe('rows behind a value', () => {
  it('stand newest first, as many as are shown, all of them counted', () => {
    const rows = newestRows(
      { unit: 'kW', timestampsMs: [1, 2, 3], values: [5, null, 7], quality: ['good', 'missing', 'good'] },
      2,
    )
    expect(rows).toEqual({
      count: 3,
      shown: [
        { atMs: 3, value: 7, quality: 'good' },
        { atMs: 2, value: null, quality: 'missing' },
      ],
    })
    expect(newestRows(undefined, 2)).toEqual({ count: 0, shown: [] })
  })
})
