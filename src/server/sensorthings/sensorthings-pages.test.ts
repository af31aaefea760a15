import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ObservationBatch } from '../../store/index.ts'
import { noonMs, observed, openTestServer, type TestServer } from '../server.fixture.ts'
import { type Answer, allPages, at, get, pv } from './sensorthings.fixture.ts'

let test: TestServer
beforeAll(async () => {
  test = await openTestServer()
})
afterAll(() => test.close())

const points = [
  { point: 'pv.powerKw', unit: 'kW' },
  { point: 'pv.availableKw', unit: 'kW' },
  { point: 'battery.soc', unit: '1' },
]
const hourMs = 3_600_000

describe('18-088 req/request-data/pagination', () => {
  it('gives each Observation once, in every order, whatever the page', { timeout: 120_000 }, async () => {
    let year = 2000
    const moments = fc.array(
      fc.record({ of: fc.constantFrom(...points), minute: fc.oneof(fc.nat(5), fc.nat(100_000)) }),
      { maxLength: 25 },
    )
    const order = fc.constantFrom(
      '',
      '&$orderby=phenomenonTime',
      '&$orderby=phenomenonTime desc',
      '&$orderby=result,id',
    )
    await fc.assert(
      fc.asyncProperty(moments, order, fc.integer({ min: 1, max: 9 }), fc.nat(4), async (drawn, sort, top, skip) => {
        // Each run has a year of its own.
        year += 1
        const startMs = Date.UTC(year, 0, 1)
        await test.store.observations.put(
          drawn.map(({ of, minute }, index) => observed(startMs + minute * 60_000, index, of)),
        )
        // What is computed from them has the same moments.
        const span = `Datastream/properties/origin eq 'kind' and phenomenonTime ge ${year}-01-01T00:00:00Z and phenomenonTime lt ${year + 1}-01-01T00:00:00Z`
        const found = await allPages(test, `/Observations?$top=${top}&$skip=${skip}&$filter=${span}${sort}`)
        const wanted = new Set(
          drawn.map(({ of, minute }) => `quarry-microgrid:${of.point}:${startMs + minute * 60_000}`),
        )
        const ids: readonly string[] = found.map((one: Answer) => one['@iot.id'])
        expect(ids.length).toBe(Math.max(0, wanted.size - skip))
        expect(new Set(ids).size).toBe(ids.length)
        expect([...wanted]).toEqual(expect.arrayContaining([...ids]))
        const times = found.map((one: Answer) => Date.parse(one.phenomenonTime))
        const gaps = times.slice(1).map((time, index) => time - times[index]!)
        if (sort === '&$orderby=phenomenonTime') expect(gaps.every((gap) => gap >= 0)).toBe(true)
        if (sort.endsWith('desc')) expect(gaps.every((gap) => gap <= 0)).toBe(true)
        const counted = await get(test, `/Observations?$top=0&$count=true&$filter=${span}`)
        expect(counted['@iot.count']).toBe(wanted.size)
      }),
      { numRuns: 8 },
    )
  })

  it('goes on where late data came in between: nothing twice, nothing left out that was there', async () => {
    const startMs = Date.UTC(1995, 0, 1)
    await test.store.observations.put([0, 1, 2, 3].map((hour) => observed(startMs + hour * hourMs, hour)))
    const filter = "$filter=phenomenonTime lt 1996-01-01T00:00:00Z and Datastream/properties/origin eq 'kind'"
    const first = await get(test, `/Observations?$top=2&${filter}`)
    await test.store.observations.put([observed(startMs + hourMs / 2, 9)])
    const second = await test.inject(first['@iot.nextLink'].replace('http://localhost:80', ''))
    expect(second.json().value.map(({ result }: Answer) => result)).toEqual([2, 3])
  })
})

/** As many values as a second of five days has, and some missing at their end. */
const many = 432_000
const millions: ObservationBatch = {
  count: many,
  series: [{ site: 'quarry-microgrid', point: 'camp.powerKw', unit: 'kW' }],
  sources: ['meter'],
  seriesOf: new Uint32Array(many),
  sourceOf: new Uint16Array(many),
  timestampsMs: Float64Array.from({ length: many }, (_, second) => noonMs + (second - many) * 1000),
  values: Float64Array.from({ length: many }, (_, second) => second % 100),
  quality: new Uint8Array(many),
}

describe('a point with a value every second (FROST-Server#2096: counts of 100 s and more)', () => {
  const observations = "/Datastreams('quarry-microgrid:camp.powerKw')/Observations"
  beforeAll(async () => {
    await test.store.observations.append(millions)
    await test.store.observations.put([observed(noonMs, 1)])
  }, 60_000)

  it('is counted, read from either end, and searched in pages that end', { timeout: 60_000 }, async () => {
    const timed = async (query: string) => {
      const before = performance.now()
      const answer = await test.inject(at(`${observations}?${query}`))
      expect(answer.statusCode, answer.body.slice(0, 300)).toBe(200)
      return { body: answer.json(), ms: performance.now() - before }
    }
    const counted = await timed('$count=true&$top=1')
    const newest = await timed('$orderby=phenomenonTime desc&$top=1')
    const searched = await timed('$filter=result gt 1000')
    const within = await timed('$count=true&$top=0&$filter=phenomenonTime ge 2026-07-06T03:30:00Z')
    expect(counted.body['@iot.count']).toBe(many)
    expect(newest.body.value).toMatchObject([{ phenomenonTime: new Date(noonMs - 1000).toISOString() }])
    // Nothing is found, and the next page goes on behind what was looked at.
    expect(searched.body.value).toEqual([])
    expect(searched.body['@iot.nextLink']).toContain('$skiptoken=')
    expect(within.body['@iot.count']).toBe(1800)
    for (const { ms } of [counted, newest, searched, within]) expect(ms).toBeLessThan(30_000)
  })

  it('refuses by name what would have to read all of it', async () => {
    for (const query of ['$orderby=result', '$count=true&$filter=result gt 1000']) {
      const answer = await test.inject(at(`${observations}?${query}`))
      expect([answer.statusCode, answer.json().code]).toEqual([422, 'sensorthings.too-much'])
    }
  })

  it('reads a day of it as any day', async () => {
    const filter = `$filter=phenomenonTime ge ${new Date(noonMs - 5000).toISOString()}&$orderby=result desc&$top=1`
    expect((await get(test, `${observations}?${filter}`)).value).toMatchObject([{ result: 99 }])
    expect(
      (await get(test, `/Datastreams('${pv}')/Observations?$orderby=phenomenonTime desc&$top=1`)).value,
    ).toHaveLength(1)
  })
})
