import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readSite } from '../kernel/index.ts'
import { packs } from '../packs.ts'
import { withPlausibleRise } from './plausible-rise.ts'
import { noonMs, observed, openTestServer, quarry } from './server.fixture.ts'
import { createSiteBook } from './site-book.ts'

const asset = (fields: Readonly<Record<string, unknown>>) => ({ id: 'a', kind: 'any', title: 'A', ...fields })
const most = (fields: Readonly<Record<string, unknown>>, id: string, unit: string): number | undefined =>
  withPlausibleRise(asset(fields), { id, unit }, {}).maxPerHour

describe('what a counter can count in an hour', () => {
  it('is 1.2 times the rated power of its asset, in the unit of the point', () => {
    expect(most({ ratedKw: 500 }, 'energyKwh', 'kWh')).toBeCloseTo(600, 9)
    expect(most({ ratedKw: 500 }, 'energyWh', 'Wh')).toBeCloseTo(600_000, 6)
    expect(most({ ratedKw: 500 }, 'energyMwh', 'MWh')).toBeCloseTo(0.6, 12)
    expect(most({ ratedKw: 500 }, 'energyGj', 'GJ')).toBeCloseTo(2.16, 12)
    expect(most({ capacityKwp: 100, acKw: 80 }, 'energyKwh', 'kWh')).toBeCloseTo(120, 9)
    expect(most({ maxChargeKw: 50, maxDischargeKw: 70 }, 'energyKwh', 'kWh')).toBeCloseTo(84, 9)
  })

  it('is what the site says, where it says it', () => {
    const said = { maxPerHour: 3000, rollover: 1e6 }
    expect(withPlausibleRise(asset({ ratedKw: 500 }), { id: 'energyKwh', unit: 'kWh' }, said)).toBe(said)
    expect(withPlausibleRise(asset({ ratedKw: 500 }), { id: 'energyKwh', unit: 'kWh' }, { rollover: 1e6 })).toEqual({
      rollover: 1e6,
      maxPerHour: 600,
    })
  })

  it.each([
    ['of an asset without a rated power', { importLimitKw: 500 }, 'energyKwh', 'kWh'],
    ['of one that is rated nothing yet', { ratedKw: 0 }, 'energyKwh', 'kWh'],
    ['of fuel', { ratedKw: 500 }, 'gasKwh', 'kWh'],
    ['of heat', { ratedKw: 500 }, 'heatKwh', 'kWh'],
    ['of no energy', { ratedKw: 500 }, 'energyM3', 'm3'],
    ['whose name only begins like that', { ratedKw: 500 }, 'energyless', 'kWh'],
  ])('is not known %s', (_what, fields, id, unit) => {
    expect(most(fields, id, unit)).toBeUndefined()
  })

  it('is not known of a group that stands for no asset', () => {
    expect(withPlausibleRise(undefined, { id: 'energyKwh', unit: 'kWh' }, {})).toEqual({})
  })
})

describe('a counter that says nothing of it', () => {
  it('has it from its asset, where the site file declares it', () => {
    const points = {
      'genset-a.energyKwh': { unit: 'kWh', counter: { rollover: '1 GWh' } },
      'crusher.energyKwh': { unit: 'kWh', counter: {} },
    }
    const site = readSite(readFileSync(quarry, 'utf8'), { file: quarry, packs, changes: { points } })
    const known = createSiteBook([{ site, simulated: false }], packs).points(site)
    expect(known.get('genset-a.energyKwh')?.rules.counter).toEqual({ rollover: 1e6, maxPerHour: 720 })
    expect(known.get('crusher.energyKwh')?.rules.counter).toEqual({})
  })

  it('has it where a call declares it, and counts no more than its asset can give', async () => {
    const test = await openTestServer()
    const url = '/api/v1/sites/quarry-microgrid/points'
    const made = await test.inject({
      method: 'POST',
      url,
      payload: { ref: 'genset-b.energyKwh', unit: 'kWh', counter: {} },
    })
    expect(made.statusCode, made.body).toBe(201)
    expect((await test.inject(`${url}/genset-b.energyKwh`)).json().counter).toEqual({ maxPerHour: 360 })
    const hourMs = 3_600_000
    const startMs = noonMs - 6 * hourMs
    // It is rated 300 kW; the third hour is none of its.
    const values = [40_000, 40_300, 95_000, 95_250]
    await test.store.observations.put(
      values.map((value, hour) =>
        observed(startMs + hour * hourMs, value, { point: 'genset-b.energyKwh', unit: 'kWh' }),
      ),
    )
    const { 'genset-b.energyKwh': hours } = await test.store.observations.buckets({
      site: 'quarry-microgrid',
      points: ['genset-b.energyKwh'],
      edgesMs: Float64Array.from(values, (_, hour) => startMs + hour * hourMs),
    })
    expect([...(hours?.rise ?? [])]).toEqual([300, 0, 250])
    await test.close()
  })

  // The default is only safe where one step may be as large as an hour's counting (store/observations/counter-rise.ts).
  it('loses nothing of a register of whole kWh that is read each minute', async () => {
    const test = await openTestServer()
    const url = '/api/v1/sites/quarry-microgrid/points'
    await test.inject({ method: 'POST', url, payload: { ref: 'genset-b.energyKwh', unit: 'kWh', counter: {} } })
    const startMs = noonMs - 4 * 3_600_000
    // A tenth of its rated 300 kW: the register goes on by one every other minute, which is 60 kW for a minute; then by ten.
    const readings = Array.from({ length: 121 }, (_, minute) =>
      observed(
        startMs + minute * 60_000,
        minute < 61 ? Math.floor(minute / 2) : 30 + 10 * Math.floor((minute - 60) / 20),
        {
          ...{ point: 'genset-b.energyKwh', unit: 'kWh' },
        },
      ),
    )
    await test.store.observations.put(readings)
    const { 'genset-b.energyKwh': hours } = await test.store.observations.buckets({
      site: 'quarry-microgrid',
      points: ['genset-b.energyKwh'],
      edgesMs: Float64Array.of(startMs, startMs + 3_600_000, startMs + 7_200_000),
    })
    expect([...(hours?.rise ?? [])]).toEqual([30, 30])
    await test.close()
  })
})
