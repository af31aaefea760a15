import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type GuardedServer, openGuardedServer, tenants } from '../guarded.fixture.ts'
import { noonMs, openTestServer, type TestServer } from '../server.fixture.ts'
import { measurement } from './entities.ts'
import { at, get, pathOf, post, pv, status } from './sensorthings.fixture.ts'

let test: TestServer
let guarded: GuardedServer
beforeAll(async () => {
  test = await openTestServer()
  guarded = await openGuardedServer()
})
afterAll(async () => {
  await test.close()
  await guarded.close()
})

const observations = `/Datastreams('${pv}')/Observations`

describe('18-088 req/create-update-delete/create-entity', () => {
  it('stores any Observation, which reads back as it was written', async () => {
    let minute = 0
    const result = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constant(null))
    await fc.assert(
      fc.asyncProperty(result, fc.boolean(), async (value, inAddress) => {
        minute += 1
        const phenomenonTime = new Date(noonMs - minute * 60_000).toISOString()
        const link = inAddress ? {} : { Datastream: { '@iot.id': pv } }
        const made = await post(test, inAddress ? observations : '/Observations', {
          phenomenonTime,
          result: value,
          ...link,
        })
        expect(made.statusCode, made.body).toBe(201)
        const found = await test.inject(pathOf(String(made.headers.location)))
        expect(found.json()).toEqual(made.json())
        // JSON knows one zero.
        expect(found.json()).toMatchObject({ phenomenonTime, result: value === null ? null : value + 0 })
      }),
      { numRuns: 40 },
    )
  })

  it('takes the time of the server where none is told, and stores the same once', async () => {
    const first = await post(test, observations, { result: 1 })
    const second = await post(test, observations, { result: 2, resultQuality: 'estimated' })
    expect(second.headers.location).toBe(first.headers.location)
    const [found] = (await get(test, `${observations}?$orderby=phenomenonTime desc&$top=1`)).value
    expect(found).toMatchObject({
      phenomenonTime: new Date(noonMs).toISOString(),
      result: 2,
      resultQuality: 'estimated',
    })
  })

  it.each([
    [{ result: 'much' }, 422],
    [{}, 422],
    [{ result: 1, phenomenonTime: '2026-07-06' }, 422],
    [{ result: 1, phenomenonTime: '2026-07-06T00:00:00Z/2026-07-06T01:00:00Z' }, 422],
    [{ result: 1, phenomenonTime: '1900-01-01T00:00:00Z' }, 422],
    [{ result: 1, resultQuality: 'fine' }, 422],
    [{ result: 1, resultQuality: 'missing' }, 422],
    [{ result: 1, parameters: { a: 1 } }, 422],
    [{ result: 1, FeatureOfInterest: { name: 'new' } }, 422],
    [{ result: 1, Datastream: { '@iot.id': 'quarry-microgrid:battery.soc' } }, 422],
  ])('refuses %j by name', async (body, wanted) => {
    const answer = await post(test, observations, body)
    expect(answer.statusCode, answer.body).toBe(wanted)
    expect(answer.json().problems[0].detail).toMatch(/\S/)
  })

  it('declares a point as a Datastream, with Observations, and removes it', async () => {
    const made = await post(test, "/Things('quarry-microgrid:pv')/Datastreams", {
      name: 'Backside temperature',
      description: 'told, and not kept',
      observationType: measurement,
      unitOfMeasurement: { name: 'degree Celsius', symbol: '°C' },
      properties: { point: 'backC' },
      Sensor: { '@iot.id': 'declared' },
      ObservedProperty: { '@iot.id': 'temperature:backC' },
      Observations: [{ phenomenonTime: '2026-07-06T00:00:00Z', result: 40 }],
    })
    expect(made.statusCode, made.body).toBe(201)
    const address = pathOf(String(made.headers.location)).slice(at('').length)
    expect(await get(test, address)).toEqual(made.json())
    expect(made.json()).toMatchObject({ name: 'Backside temperature', unitOfMeasurement: { symbol: 'Cel' } })
    expect((await get(test, `${address}/Observations`)).value).toMatchObject([{ result: 40 }])
    const points = await test.inject('/api/v1/sites/quarry-microgrid/points/pv.backC')
    expect(points.json()).toMatchObject({ origin: 'api', title: 'Backside temperature' })
    expect(
      (
        await post(test, "/Things('quarry-microgrid:pv')/Datastreams", {
          name: 'x',
          unitOfMeasurement: { symbol: 'kW' },
          properties: { point: 'backC' },
        })
      ).statusCode,
    ).toBe(412)
    expect((await test.inject({ method: 'DELETE', url: at(address) })).statusCode).toBe(204)
    expect(await status(test, address)).toBe(404)
  })

  it.each([
    ['POST', '/Things', {}, 405],
    ['POST', '/Locations', {}, 405],
    ['POST', `/Datastreams('${pv}')/Datastreams`, {}, 405],
    ['POST', "/Things('nobody')/Datastreams", {}, 404],
    ['POST', "/Datastreams('quarry-microgrid:quarry.useKw')/Observations", { result: 1 }, 422],
    [
      'POST',
      '/Datastreams',
      {
        name: 'x',
        Thing: { '@iot.id': 'quarry-microgrid:pv' },
        unitOfMeasurement: { symbol: 'furlong' },
        properties: { point: 'x' },
      },
      422,
    ],
    ['POST', '/Datastreams', { name: 'x', Thing: { name: 'new' }, unitOfMeasurement: { symbol: 'kW' } }, 422],
    ['DELETE', `/Datastreams('${pv}')`, {}, 409],
    ['DELETE', "/Things('quarry-microgrid:pv')", {}, 405],
    ['PATCH', `/Datastreams('${pv}')`, {}, 405],
  ] as const)('refuses %s %s by name', async (method, path, payload, wanted) => {
    const answer = await test.inject({ method, url: at(path), payload })
    expect(answer.statusCode, answer.body).toBe(wanted)
  })
})

describe('18-088 req/data-array/data-array', () => {
  it('stores what can be stored and tells of each row', async () => {
    const answer = await post(test, '/CreateObservations', [
      {
        Datastream: { '@iot.id': pv },
        components: ['phenomenonTime', 'result', 'FeatureOfInterest/id'],
        'dataArray@iot.count': 3,
        dataArray: [
          ['2026-07-01T00:00:00Z', 1, 'quarry-microgrid'],
          ['yesterday', 2, 'quarry-microgrid'],
          ['2026-07-01T00:02:00Z', null, 'quarry-microgrid'],
        ],
      },
    ])
    expect(answer.statusCode, answer.body).toBe(201)
    const [first, second, third] = answer.json()
    expect((await test.inject(pathOf(first))).json()).toMatchObject({ result: 1 })
    expect(second).toMatch(/^error: .*dataArray\[1\]/)
    expect((await test.inject(pathOf(third))).json()).toMatchObject({ result: null, resultQuality: 'missing' })
  })
})

describe('who may', () => {
  const north = `/Datastreams('${tenants.north}:pv.powerKw')`
  const write = { method: 'POST', url: at(`${north}/Observations`), payload: { result: 1 } } as const

  it('sees the entities of its own sites and no others', async () => {
    const asked = async (user: string, path: string) => guarded.as(user, { url: at(path) })
    for (const set of ['Things', 'Locations', 'Datastreams', 'FeaturesOfInterest', 'Observations']) {
      const answer = await asked('south-viewer', `/${set}?$count=true`)
      expect(answer.statusCode).toBe(200)
      expect(answer.body).not.toContain(tenants.north)
    }
    const [foreign, missing] = [
      await asked('south-admin', north),
      await asked('south-admin', north.replace(tenants.north, 'no-such-site')),
    ]
    expect(foreign.statusCode).toBe(404)
    const plain = (body: string) => body.replaceAll(tenants.north, 'no-such-site').replace(/"requestId":"[^"]*"/, '')
    expect(plain(foreign.body)).toBe(plain(missing.body))
    expect((await asked('north-viewer', north)).statusCode).toBe(200)
  })

  it('writes with the permission to, and devices without reading', async () => {
    expect((await guarded.as('north-viewer', write)).statusCode).toBe(403)
    expect((await guarded.as('south-operator', write)).statusCode).toBe(404)
    expect((await guarded.as('north-operator', write)).statusCode).toBe(201)
    const datastream = { method: 'POST', url: at(`/Things('${tenants.north}:pv')/Datastreams`), payload: {} } as const
    expect((await guarded.as('north-operator', datastream)).statusCode).toBe(403)
    expect((await guarded.as('south-planner', datastream)).statusCode).toBe(404)
    const made = await guarded.as('north-admin', {
      method: 'POST',
      url: `/api/v1/sites/${tenants.north}/devices`,
      payload: { title: 'gateway' },
    })
    const { text } = made.json()
    expect((await guarded.bearing(text, write)).statusCode).toBe(201)
    expect((await guarded.bearing(text, { url: at(north) })).statusCode).toBe(403)
  })
})

describe('any request', () => {
  it('is answered, and never by a defect of the server', { timeout: 60_000 }, async () => {
    const step = fc.oneof(
      fc.constantFrom('Things', 'Observations', "Things('quarry-microgrid:pv')", `Datastreams('${pv}')`, 'Datastreams'),
      fc.constantFrom(
        'Sensor',
        'name',
        '$ref',
        '$value',
        'Locations',
        "Sensors('pv')",
        "Observations('x')",
        "Things('",
        '%',
        "Things('')",
        '..',
      ),
      fc.string({ unit: 'binary' }).map((text) => encodeURIComponent(text.toWellFormed())),
    )
    const option = fc.tuple(
      fc.constantFrom(
        '$filter',
        '$select',
        '$expand',
        '$orderby',
        '$top',
        '$skip',
        '$count',
        '$skiptoken',
        '$resultFormat',
        '$x',
      ),
      fc.oneof(
        fc.constantFrom(
          'result gt 5',
          'name',
          'id',
          '10',
          '0',
          'true',
          'Datastreams($expand=Sensor;$top=1)',
          'Observations',
          'dataArray',
        ),
        fc.constantFrom(
          'Thing/name eq null',
          "startswith(name, 'P')",
          'phenomenonTime desc',
          '((((',
          'WyJhIiwxLDFd',
          "'",
          '%25',
        ),
        fc.string(),
      ),
    )
    const seen = new Set<number>()
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 4 }),
        fc.array(option, { maxLength: 3 }),
        fc.constantFrom('GET', 'GET', 'GET', 'POST', 'DELETE'),
        fc.jsonValue({ maxDepth: 2 }),
        async (steps, options, method, body) => {
          const query = options.map(([name, value]) => `${name}=${encodeURIComponent(value.toWellFormed())}`).join('&')
          const url = `${at('')}/${steps.join('/')}?${query}`
          const answer = await test.inject({
            method: method as 'GET',
            url,
            ...(method === 'GET'
              ? {}
              : { payload: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
          })
          seen.add(answer.statusCode)
          expect(answer.statusCode, `${method} ${url} → ${answer.body.slice(0, 300)}`).toBeLessThan(500)
        },
      ),
      { numRuns: 500 },
    )
    expect([...seen]).toEqual(expect.arrayContaining([200, 400, 404, 405, 422]))
  })
})
