import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Quality, quality } from '../../kernel/index.ts'
import { noonMs, observed, openTestServer, type TestServer } from '../server.fixture.ts'

let test: TestServer
const minuteMs = 60_000
const missing = { quality: quality.missing as Quality }
beforeAll(async () => {
  test = await openTestServer()
  await test.store.observations.put([
    observed(noonMs - 25 * 3_600_000, 1),
    observed(noonMs - 12 * minuteMs, 100),
    observed(noonMs - 8 * minuteMs, 300, { quality: quality.estimated as Quality }),
    observed(noonMs - 4 * minuteMs, Number.NaN, missing),
    observed(noonMs - 2 * minuteMs, 500),
    // Arrives last and is older.
    observed(noonMs - 20 * minuteMs, 200),
  ])
})
afterAll(() => test.close())

const read = async (query: Readonly<Record<string, string>>) => {
  const answer = await test.inject({
    url: '/api/v1/observations',
    query: { site: 'quarry-microgrid', points: 'pv.powerKw', ...query },
  })
  return { status: answer.statusCode, body: answer.json() }
}
const iso = (minutes: number): string => new Date(noonMs + minutes * minuteMs).toISOString()

describe('observations', () => {
  it('of the last day come in order of event time, with missing as null', async () => {
    const { body } = await read({})
    expect(body.points['pv.powerKw']).toEqual({
      unit: 'kW',
      timestampsMs: [-20, -12, -8, -4, -2].map((minutes) => noonMs + minutes * minuteMs),
      values: [200, 100, 300, null, 500],
      quality: ['good', 'good', 'estimated', 'missing', 'good'],
    })
  })

  it('of a range take its start and leave its end, in ISO 8601 or milliseconds', async () => {
    const wanted = [noonMs - 12 * minuteMs, noonMs - 8 * minuteMs]
    for (const range of [
      { from: iso(-12), to: iso(-4) },
      { from: String(noonMs - 12 * minuteMs), to: String(noonMs - 4 * minuteMs) },
      { from: '2026-07-06T11:48:00+08:00', to: '2026-07-06T11:56+0800' },
    ]) {
      expect((await read(range)).body.points['pv.powerKw'].timestampsMs).toEqual(wanted)
    }
  })

  it('in buckets are means of what is there, with the worst quality', async () => {
    const { body } = await read({ from: iso(-30), to: iso(0), bucket: '10m' })
    expect(body.points['pv.powerKw']).toEqual({
      unit: 'kW',
      timestampsMs: [-20, -10].map((minutes) => noonMs + minutes * minuteMs),
      values: [150, 400],
      quality: ['good', 'estimated'],
    })
  })

  it('of several points stand each under its name, empty where nothing is known, in the site’s units', async () => {
    const { body } = await read({ points: 'battery.soc, genset-a.powerKw ,pv.powerKw,battery.soc' })
    expect(Object.keys(body.points)).toEqual(['battery.soc', 'genset-a.powerKw', 'pv.powerKw'])
    expect(body.points['battery.soc']).toEqual({ unit: '1', timestampsMs: [], values: [], quality: [] })
  })

  it.each([
    ['an unknown site', { site: 'nowhere' }, 404, 'server.unknown-site'],
    ['an unknown point', { points: 'pv.powerKw,pv.colour' }, 404, 'server.unknown-point'],
    ['no point', { points: ' , ' }, 422, 'server.bad-input'],
    [
      'too many points',
      { points: Array.from({ length: 101 }, (_, k) => `a${k}.p`).join(',') },
      422,
      'server.bad-input',
    ],
    ['a time without offset', { from: '2026-07-06T00:00' }, 422, 'server.bad-input'],
    ['a time that is none', { to: 'later' }, 422, 'server.bad-input'],
    ['a range that ends before it starts', { from: iso(0), to: iso(-1) }, 422, 'store.bad-range'],
    ['a bucket of nothing', { bucket: '0m' }, 422, 'server.bad-input'],
    ['a bucket without unit', { bucket: '15' }, 422, 'server.bad-input'],
    ['a field that nothing reads', { form: iso(0) }, 422, 'server.bad-input'],
  ])('refuse %s', async (_, query, status, code) => {
    const { status: found, body } = await read(query)
    expect([found, body.code]).toEqual([status, code])
  })

  it('name the query field that is wrong', async () => {
    const { body } = await read({ from: 'never' })
    expect(body.problems[0]).toMatchObject({ place: { path: 'query.from' }, found: 'never' })
  })
})

describe('now', () => {
  it('tells the newest value of every point by event time, and null with quality missing where there is none', async () => {
    const answer = await test.inject('/api/v1/sites/quarry-microgrid/now')
    expect(answer.headers['cache-control']).toBe('no-store')
    const now = answer.json()
    expect(now.timestampMs).toBe(noonMs - 2 * minuteMs)
    expect(now.points['pv.powerKw']).toEqual({
      value: 500,
      unit: 'kW',
      quality: 'good',
      timestampMs: noonMs - 2 * minuteMs,
    })
    expect(now.points['battery.soc']).toEqual({ value: null, unit: '1', quality: 'missing', timestampMs: 0 })
  })

  it('prefers what a living park says', async () => {
    const live = {
      timestampMs: noonMs,
      points: { 'grid.powerKw': { value: 7, unit: 'kW', quality: 'estimated', timestampMs: noonMs } },
    }
    test.server.parts.hub.publish('liyang-park', live)
    expect((await test.inject('/api/v1/sites/liyang-park/now')).json()).toMatchObject(live)
  })

  it('writes prices in the currency of the site', async () => {
    const site = (await test.inject('/api/v1/sites/liyang-park')).json()
    const points = site.assets.find(({ id }: { id: string }) => id === 'grid').points
    expect(points.find(({ id }: { id: string }) => id === 'importPrice')).toMatchObject({
      ref: 'grid.importPrice',
      unit: 'CNY/kWh',
    })
  })
})
