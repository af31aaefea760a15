import { parse } from 'papaparse'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Quality, quality } from '../../kernel/index.ts'
import { noonMs, observed, openTestServer, type TestServer } from '../server.fixture.ts'

let test: TestServer
const minuteMs = 60_000
const site = 'quarry-microgrid'
const at = (minutes: number): number => noonMs + minutes * minuteMs
beforeAll(async () => {
  test = await openTestServer()
  const declared = await test.inject({
    method: 'POST',
    url: `/api/v1/sites/${site}/points`,
    payload: { ref: 'office.useKwh', unit: 'kWh', counter: {} },
  })
  expect(declared.statusCode, declared.body).toBe(201)
  for (const payload of [
    { ref: 'office.costCny', unit: 'CNY', expression: 'office.useKwh * 0.5 CNY/kWh' },
    { ref: 'office.doubleKw', unit: 'kW', expression: '2 * pv.powerKw' },
  ]) {
    const made = await test.inject({ method: 'POST', url: `/api/v1/sites/${site}/points`, payload })
    expect(made.statusCode, made.body).toBe(201)
  }
  await test.store.observations.put([
    observed(at(-60), 100),
    observed(at(-50), 300),
    observed(at(-20), 50, { quality: quality.estimated as Quality }),
    observed(at(-10), Number.NaN, { quality: quality.missing as Quality }),
    ...[0, 4, 9, 10].map((value, k) => observed(at(-90 + k * 30), value, { point: 'office.useKwh', unit: 'kWh' })),
  ])
})
afterAll(() => test.close())

const read = async (query: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}) => {
  const answer = await test.inject({
    url: '/api/v1/observations',
    query: { site, points: 'pv.powerKw', from: `${at(-60)}`, to: `${at(0)}`, ...query },
    headers,
  })
  return { status: answer.statusCode, headers: answer.headers, text: answer.body, bytes: answer.rawPayload }
}
const points = async (query: Readonly<Record<string, string>>) => {
  const { text, status } = await read(query)
  expect(status, text).toBe(200)
  return JSON.parse(text).points
}

describe('aggregates of buckets', () => {
  it('stand for every bucket, null and missing where there was nothing', async () => {
    const found = await points({ bucket: '15m', aggregates: 'mean,min,max,sum,count,first,last' })
    expect(found['pv.powerKw']).toEqual({
      unit: 'kW',
      timestampsMs: [at(-60), at(-45), at(-30), at(-15)],
      values: [200, null, 50, null],
      quality: ['good', 'missing', 'estimated', 'missing'],
      aggregates: {
        mean: [200, null, 50, null],
        min: [100, null, 50, null],
        max: [300, null, 50, null],
        sum: [400, null, 50, null],
        count: [2, 0, 1, 0],
        first: [100, null, 50, null],
        last: [300, null, 50, null],
      },
    })
  })

  it('of a point of which nothing was ever stored are missing, and their count is 0', async () => {
    const found = await points({ points: 'battery.soc', bucket: '30m', aggregates: 'count,mean' })
    expect(found['battery.soc'].aggregates).toEqual({ count: [0, 0], mean: [null, null] })
    expect(found['battery.soc'].quality).toEqual(['missing', 'missing'])
  })

  it('tell the rise of a counter, and refuse that of other points', async () => {
    const found = await points({ points: 'office.useKwh', bucket: '30m', aggregates: 'rise,last' })
    expect(found['office.useKwh'].aggregates).toEqual({ rise: [5, 1], last: [4, 9] })
    const { status, text } = await read({ bucket: '30m', aggregates: 'rise' })
    expect([status, JSON.parse(text).code]).toEqual([422, 'server.no-counter'])
  })

  it('of computed points come from the means, or the rise, of their inputs', async () => {
    const found = await points({ points: 'office.doubleKw,pv.powerKw', bucket: '15m', aggregates: 'mean' })
    expect(found['office.doubleKw'].values).toEqual([400, null, 100, null])
    const cost = await points({ points: 'office.costCny', bucket: '30m', aggregates: 'rise' })
    expect(cost['office.costCny'].unit).toBe('CNY')
    expect(cost['office.costCny'].values).toEqual([expect.closeTo(2.5, 12), expect.closeTo(0.5, 12)])
    const { status, text } = await read({ points: 'office.doubleKw', bucket: '15m', aggregates: 'max' })
    expect([status, JSON.parse(text).code]).toEqual([422, 'server.computed-point'])
  })

  it('are missing where a bucket holds a value that is worse than asked for', async () => {
    const found = await points({ bucket: '15m', aggregates: 'mean,count', minQuality: 'good' })
    expect(found['pv.powerKw'].aggregates).toEqual({ mean: [200, null, null, null], count: [2, 0, 1, 0] })
  })

  it.each([
    ['aggregates without a bucket', { aggregates: 'mean' }],
    ['an aggregate that nobody knows', { bucket: '1h', aggregates: 'median' }],
    ['no aggregate', { bucket: '1h', aggregates: ',' }],
    ['a limit of buckets', { bucket: '1h', limit: '5' }],
    ['a cursor of buckets', { bucket: '1h', cursor: 'WzFd' }],
    ['a cursor that is none', { cursor: 'nonsense' }],
    ['a limit of nothing', { limit: '0' }],
    ['a quality that nobody knows', { minQuality: 'excellent' }],
  ])('refuse %s', async (_, query) => {
    const { status, text } = await read(query as Record<string, string>)
    expect([status, JSON.parse(text).code]).toEqual([422, 'server.bad-input'])
  })

  it('refuse more buckets than an answer carries, before any is made', async () => {
    const { status, text } = await read({ from: '0', bucket: '1s', aggregates: 'mean' })
    expect([status, JSON.parse(text).code]).toEqual([422, 'store.too-many'])
  })
})

describe('computed points without a bucket', () => {
  it('have a value wherever an input has, an input holding a quarter of an hour from before the range, too', async () => {
    // One input of the sum was last known 10 minutes before the range, the other one is observed twice within it.
    await test.store.observations.put([
      observed(at(200), 10, { point: 'crusher.powerKw' }),
      observed(at(210), 1, { point: 'camp.powerKw' }),
      observed(at(214), 2, { point: 'camp.powerKw' }),
      observed(at(216), 3, { point: 'camp.powerKw' }),
    ])
    const found = await points({ points: 'quarry.useKw', from: `${at(205)}`, to: `${at(230)}` })
    expect(found['quarry.useKw'].timestampsMs).toEqual([at(210), at(214), at(216)])
    expect(found['quarry.useKw'].values).toEqual([11, 12, null])
    const paged = await read({ points: 'quarry.useKw', from: `${at(205)}`, to: `${at(230)}`, limit: '2' })
    const first = JSON.parse(paged.text)
    expect(first.points['quarry.useKw'].values).toEqual([11, 12])
    const rest = await read({
      points: 'quarry.useKw',
      from: `${at(205)}`,
      to: `${at(230)}`,
      limit: '2',
      cursor: first.next,
    })
    expect(JSON.parse(rest.text)).toMatchObject({ points: { 'quarry.useKw': { values: [null] } } })
    expect(JSON.parse(rest.text).next).toBeUndefined()
  })

  it('leave out what is worse than asked for', async () => {
    const found = await points({ minQuality: 'good' })
    expect(found['pv.powerKw'].values).toEqual([100, 300])
    expect((await points({ minQuality: 'suspect' }))['pv.powerKw'].values).toEqual([100, 300, 50])
  })
})

describe('forms of an answer', () => {
  it('are CSV and NDJSON that can be sent back as they are', async () => {
    const csv = await read({}, { accept: 'text/csv' })
    expect(csv.headers['content-type']).toBe('text/csv; charset=utf-8')
    const rows = parse<string[]>(csv.text.trim()).data
    expect(rows[0]).toEqual(['time', 'point', 'value', 'unit', 'quality'])
    expect(rows.slice(1).map((row) => [row[2], row[4]])).toEqual([
      ['100', 'good'],
      ['300', 'good'],
      ['50', 'estimated'],
      ['', 'missing'],
    ])
    const ndjson = await read({}, { accept: 'application/x-ndjson' })
    expect(
      ndjson.text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).value),
    ).toEqual([100, 300, 50, null])
    for (const [mediaType, payload] of [
      ['text/csv', csv.text],
      ['application/x-ndjson', ndjson.text],
    ] as const) {
      const sent = await test.inject({
        method: 'POST',
        url: `/api/v1/observations?site=${site}&source=copy`,
        headers: { 'content-type': mediaType },
        payload,
      })
      expect([sent.statusCode, sent.json()]).toEqual([200, { stored: 4 }])
    }
  })

  it('have a column of each aggregate', async () => {
    const query = { bucket: '30m', aggregates: 'min,max', points: 'pv.powerKw,battery.soc' }
    const csv = parse<string[]>((await read(query, { accept: 'text/csv' })).text.trim()).data
    expect(csv[0]).toEqual(['time', 'point', 'min', 'max', 'unit', 'quality'])
    expect(csv[1]).toEqual([new Date(at(-60)).toISOString(), 'pv.powerKw', '100', '300', 'kW', 'good'])
    expect(csv).toHaveLength(5)
    const lines = (await read(query, { accept: 'application/x-ndjson' })).text.trim().split('\n')
    expect(JSON.parse(lines[3]!)).toEqual({
      ...{ point: 'battery.soc', time: new Date(at(-30)).toISOString(), min: null, max: null },
      ...{ unit: '1', quality: 'missing' },
    })
    const { tableFromIPC } = await import('apache-arrow')
    const arrow = await read(query, { accept: 'application/vnd.apache.arrow.stream' })
    const table = tableFromIPC(arrow.bytes)
    expect(table.schema.fields.map(({ name }) => name)).toEqual(['point', 'time', 'min', 'max', 'quality', 'unit'])
    expect(table.toArray().map((row) => [row.point, row.min, row.max, row.quality, row.unit])).toEqual([
      ['pv.powerKw', 100, 300, 'good', 'kW'],
      ['pv.powerKw', 50, 50, 'estimated', 'kW'],
      ['battery.soc', null, null, 'missing', '1'],
      ['battery.soc', null, null, 'missing', '1'],
    ])
  })

  it('that nobody knows are refused', async () => {
    const { status, text } = await read({}, { accept: 'image/png' })
    expect([status, JSON.parse(text).code]).toEqual([406, 'server.not-acceptable'])
  })

  it('carry a tag by which the same answer is not sent again, and another one is', async () => {
    const first = await read({ bucket: '15m' })
    const tag = String(first.headers.etag)
    expect(first.headers['cache-control']).toBe('private, no-cache')
    const again = await read({ bucket: '15m' }, { 'if-none-match': tag })
    expect([again.status, again.text, again.headers.etag]).toEqual([304, '', tag])
    expect((await read({ bucket: '15m' }, { 'if-none-match': tag, accept: 'text/csv' })).status).toBe(200)
    await test.store.observations.put([observed(at(-40), 7)])
    expect((await read({ bucket: '15m' }, { 'if-none-match': tag })).status).toBe(200)
  })
})
