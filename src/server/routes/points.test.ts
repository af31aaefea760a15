import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { packs } from '../../packs.ts'
import { createServer } from '../create-server.ts'
import { liyang, noonMs, observed, openTestServer, quarry, type TestServer } from '../server.fixture.ts'

let test: TestServer
const site = 'quarry-microgrid'
const url = `/api/v1/sites/${site}/points`
beforeAll(async () => {
  test = await openTestServer()
})
afterAll(() => test.close())

const declare = (payload: object, headers: Readonly<Record<string, string>> = {}) =>
  test.inject({ method: 'POST', url, payload, headers })
const remove = (ref: string, headers: Readonly<Record<string, string>> = {}) =>
  test.inject({ method: 'DELETE', url: `${url}/${ref}`, headers })
const codeOf = (answer: { readonly statusCode: number; json(): { readonly code: string } }) => [
  answer.statusCode,
  answer.json().code,
]

describe('points of a site', () => {
  it('come page by page in the order of their names, each once', async () => {
    const whole = (await test.inject(url)).json()
    expect(whole.next).toBeUndefined()
    const refs: string[] = whole.points.map(({ ref }: { ref: string }) => ref)
    expect(refs).toEqual([...refs].sort())
    const paged: string[] = []
    let next: string | undefined = `${url}?limit=7`
    while (next !== undefined) {
      const answer = await test.inject(next)
      expect(answer.json().points.length).toBeLessThanOrEqual(7)
      paged.push(...answer.json().points.map(({ ref }: { ref: string }) => ref))
      next = /<(.*)>; rel="next"/.exec(String(answer.headers.link ?? ''))?.[1]
    }
    expect(paged).toEqual(refs)
  })

  it('are chosen by owner, unit and role', async () => {
    const { points } = (await test.inject(`${url}?owner=quarry&unit=kW&role=computed`)).json()
    expect(points).toMatchObject([{ ref: 'quarry.useKw', origin: 'file', inputs: ['crusher.powerKw', 'camp.powerKw'] }])
  })

  it('are not sent again while they are the same', async () => {
    const { headers } = await test.inject(url)
    const again = await test.inject({ url, headers: { 'if-none-match': String(headers.etag) } })
    expect([again.statusCode, again.body]).toEqual([304, ''])
  })
})

describe('a point that is declared at run time', () => {
  it('can be written, read and computed with at once', async () => {
    const made = await declare({ ref: 'shed.powerKw', title: 'Shed', unit: 'kW' })
    expect([made.statusCode, made.headers.etag, made.headers.location]).toEqual([201, '"1"', `${url}/shed.powerKw`])
    const computed = await declare({ ref: 'shed.costPerHour', unit: 'CUR/h', expression: 'shed.powerKw * 0.2 CUR/kWh' })
    expect(computed.json(), computed.body).toMatchObject({ role: 'computed', inputs: ['shed.powerKw'] })
    const payload = { observations: [{ point: 'shed.powerKw', timestampMs: noonMs, value: 3000, unit: 'W' }] }
    const written = await test.inject({ method: 'POST', url: `/api/v1/observations?site=${site}`, payload })
    expect(written.statusCode, written.body).toBe(200)
    const latest = await test.inject(
      `/api/v1/observations/latest?site=${site}&points=shed.powerKw,shed.costPerHour,battery.soc`,
    )
    expect(latest.json().points).toMatchObject({
      'shed.powerKw': { value: 3, unit: 'kW', source: 'api', ageMs: 0, receivedMs: noonMs },
      'shed.costPerHour': { value: expect.closeTo(0.6, 12), source: 'computed', timestampMs: noonMs, receivedMs: null },
      'battery.soc': { value: null, quality: 'missing', timestampMs: null, ageMs: null },
    })
    const now = (await test.inject(`/api/v1/sites/${site}/now`)).json()
    expect(now.points['shed.costPerHour'].value).toBeCloseTo(0.6, 12)
  })

  it('is changed by who knows its version, and by nobody else', async () => {
    await declare({ ref: 'gate.openShare', unit: '1' })
    const again = { ref: 'gate.openShare', unit: '1', title: 'Gate' }
    expect(codeOf(await declare(again))).toEqual([412, 'server.precondition-failed'])
    const changed = await declare(again, { 'if-match': '"1"' })
    expect([changed.statusCode, changed.headers.etag, changed.json().title]).toEqual([200, '"2"', 'Gate'])
    expect(codeOf(await declare(again, { 'if-match': '"1"' }))).toEqual([412, 'server.precondition-failed'])
    expect(codeOf(await declare(again, { 'if-match': 'W/"2"' }))).toEqual([422, 'server.bad-input'])
    const known = await test.inject({ url: `${url}/gate.openShare`, headers: { 'if-none-match': '"2"' } })
    expect(known.statusCode).toBe(304)
    const both = await Promise.all([
      declare({ ...again, title: 'a' }, { 'if-match': '"2"' }),
      declare({ ...again, title: 'b' }, { 'if-match': '"2"' }),
    ])
    expect(both.map(({ statusCode }) => statusCode).sort()).toEqual([200, 412])
  })

  it('keeps its unit, also when it was removed and comes back', async () => {
    await declare({ ref: 'well.levelM', unit: 'm' })
    expect(codeOf(await declare({ ref: 'well.levelM', unit: 'cm' }, { 'if-match': '"1"' }))).toEqual([
      409,
      'server.point-unit',
    ])
    await test.store.observations.put([observed(noonMs, 4, { point: 'well.levelM', unit: 'm' })])
    expect((await remove('well.levelM')).statusCode).toBe(204)
    expect((await test.inject(`${url}/well.levelM`)).statusCode).toBe(404)
    expect(codeOf(await declare({ ref: 'well.levelM', unit: 'mm' }))).toEqual([409, 'server.point-unit'])
    expect((await declare({ ref: 'well.levelM', unit: 'm' })).statusCode).toBe(201)
    const back = await test.inject(`/api/v1/observations?site=${site}&points=well.levelM&to=${noonMs + 1}`)
    expect(back.json().points['well.levelM'].values).toEqual([4])
  })

  it('stays while another is computed from it, and goes after that', async () => {
    await declare({ ref: 'a.x', unit: 'kW' })
    await declare({ ref: 'a.y', unit: 'kW', expression: 'a.x * 2' })
    expect(codeOf(await remove('a.x'))).toEqual([409, 'server.point-in-use'])
    expect(codeOf(await remove('a.y', { 'if-match': '"7"' }))).toEqual([412, 'server.precondition-failed'])
    expect((await remove('a.y', { 'if-match': '"1"' })).statusCode).toBe(204)
    expect((await remove('a.x')).statusCode).toBe(204)
    expect(codeOf(await remove('a.x'))).toEqual([404, 'server.unknown-point'])
  })

  it('cannot come to need itself', async () => {
    await declare({ ref: 'c.one', unit: 'kW', expression: 'pv.powerKw' })
    await declare({ ref: 'c.two', unit: 'kW', expression: 'c.one + 1 kW' })
    for (const expression of ['c.two', 'c.one + pv.powerKw']) {
      const refused = await declare({ ref: 'c.one', unit: 'kW', expression }, { 'if-match': '"1"' })
      expect(codeOf(refused)).toEqual([422, 'kernel.point-cycle'])
    }
  })

  it.each([
    ['a point of the kind', { ref: 'pv.powerKw', unit: 'kW' }, 409, 'server.point-declared'],
    ['a point of the file', { ref: 'quarry.useKw', unit: 'kW' }, 409, 'server.point-declared'],
    ['a unit that is none', { ref: 'x.y', unit: 'furlong' }, 422, 'kernel.bad-unit'],
    [
      'an expression of another dimension',
      { ref: 'x.y', unit: 'm3', expression: 'pv.powerKw' },
      422,
      'kernel.unit-mismatch',
    ],
    [
      'an expression of a point that is not there',
      { ref: 'x.y', unit: 'kW', expression: 'pv.poverKw' },
      422,
      'kernel.unknown-point',
    ],
    [
      'an expression that cannot be read',
      { ref: 'x.y', unit: 'kW', expression: 'pv.powerKw +' },
      422,
      'kernel.bad-expression',
    ],
    ['a computed counter', { ref: 'x.y', unit: 'kW', expression: 'pv.powerKw', counter: {} }, 422, 'server.bad-input'],
    ['a name that is none', { ref: '../etc', unit: 'kW' }, 422, 'server.bad-input'],
    ['a name out of the depths', { ref: '__proto__.x', unit: 'kW' }, 422, 'server.bad-input'],
    ['a field that nobody reads', { ref: 'x.y', unit: 'kW', colour: 'red' }, 422, 'server.bad-input'],
  ])('is not %s', async (_, payload, status, code) => {
    expect(codeOf(await declare(payload))).toEqual([status, code])
    expect(codeOf(await test.inject(`${url}/x.y`))).toEqual([404, 'server.unknown-point'])
  })

  it('is there after the server starts again, and gives way to the site file', async () => {
    await declare({ ref: 'kept.powerKw', unit: 'kW' })
    await declare({ ref: 'kept.twiceKw', unit: 'kW', expression: '2 * kept.powerKw' })
    const again = await createServer({
      packs,
      store: test.store,
      solver: test.solver,
      clock: test.clock,
      sites: [{ file: quarry }, { file: liyang }],
      log: false,
    })
    const found = await again.app.inject(`${url}/kept.twiceKw`)
    expect(found.json()).toMatchObject({ origin: 'api', version: 1, expression: '2 * kept.powerKw' })
    await again.close()
    const { sites } = test.server.parts
    sites.setRuntimePoints(
      site,
      new Map([['quarry.useKw', { title: 'x', unit: 'MW', role: 'measured', ofKind: false }]]),
    )
    expect(sites.points(sites.get(site).site).get('quarry.useKw')).toMatchObject({ unit: 'kW', origin: 'file' })
  })
})

describe('balances', () => {
  it('tell what they leave unexplained, and that nothing is taken as zero', async () => {
    const fresh = await openTestServer()
    const at = (minutes: number): number => noonMs + minutes * 60_000
    const flow = (point: string, value: number, minutes: number) =>
      observed(at(minutes), value, { point: `${point}.powerKw` })
    await fresh.store.observations.put([
      ...[flow('pv', 300, -60), flow('battery', -50, -60), flow('genset-a', 100, -60), flow('genset-b', 0, -60)],
      ...[flow('crusher', 330, -60), flow('camp', 10, -60)],
      ...[flow('pv', 300, -30), flow('battery', 0, -30), flow('genset-a', 100, -30), flow('genset-b', 0, -30)],
      ...[flow('camp', 10, -30)],
    ])
    const answer = await fresh.inject(
      `/api/v1/sites/${site}/balances/electricity?from=${at(-60)}&to=${at(0)}&bucket=30m`,
    )
    expect(answer.json()).toMatchObject({
      unit: 'kW',
      timestampsMs: [at(-60), at(-30)],
      in: [400, null],
      out: [390, null],
      remainder: [10, null],
      verdicts: ['unexplained', 'unknown'],
      missing: [[], ['quarry.useKw']],
      missingBuckets: { 'quarry.useKw': 1 },
      completeBuckets: 1,
      total: { remainder: 10, remainderShare: 0.025, verdict: 'unexplained' },
    })
    const unknown = await fresh.inject(`/api/v1/sites/${site}/balances/water`)
    expect(codeOf(unknown)).toEqual([404, 'server.unknown-balance'])
    await fresh.close()
  })
})
