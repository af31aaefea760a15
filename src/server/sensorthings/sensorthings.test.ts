import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { noonMs, openTestServer, type TestServer } from '../server.fixture.ts'
import { type Answer, allPages, at, get, pathOf, pv, status, tenMinutes } from './sensorthings.fixture.ts'
import { type EntityType, entityTypes, shapes } from './shapes.ts'

let test: TestServer
beforeAll(async () => {
  test = await openTestServer()
  await test.store.observations.put(tenMinutes)
})
afterAll(() => test.close())

const results = ({ value }: Answer): readonly (number | null)[] => value.map(({ result }: Answer) => result)

describe('18-088 req/resource-path/resource-path-to-entities', () => {
  it('begins at a root that names every entity set and what is met', async () => {
    const { value, serverSettings } = await get(test, '')
    expect(value.map(({ name }: Answer) => name)).toEqual(entityTypes.map((type) => shapes[type].set))
    expect(serverSettings.conformance).toContain('http://www.opengis.net/spec/iot_sensing/1.1/req/request-data/filter')
    // Not claimed: what is there in part only.
    expect(serverSettings.conformance).not.toContain(
      'http://www.opengis.net/spec/iot_sensing/1.1/req/create-update-delete/update-entity',
    )
  })

  it('leads a client that follows every link to an answer', { timeout: 120_000 }, async () => {
    const open = [at('')]
    const seen = new Set(open)
    const kinds = new Set<string>()
    for (let url = open.pop(); url !== undefined; url = open.pop()) {
      const answer = await test.inject({ url })
      expect(answer.statusCode, `${url} ${answer.body.slice(0, 300)}`).toBe(200)
      for (const link of linksIn(answer.json())) {
        expect(link).toMatch(/^http:\/\/localhost/)
        const path = pathOf(link)
        if (seen.has(path)) continue
        seen.add(path)
        kinds.add(path.replaceAll(/\('[^']*'\)/g, '()').replace(/\?.*/, ''))
        open.push(path)
      }
    }
    expect(seen.size).toBeGreaterThan(400)
    for (const type of entityTypes) {
      // Nothing moves, so that no place of the past is kept.
      if (type === 'HistoricalLocation') continue
      expect([...kinds]).toContain(`/api/sensorthings/v1.1/${shapes[type].set}()`)
      for (const name of Object.keys(shapes[type].navigation)) {
        expect([...kinds]).toContain(`/api/sensorthings/v1.1/${shapes[type].set}()/${name}`)
      }
    }
  })

  it('answers properties, bare values, links and addresses within addresses', async () => {
    expect(await get(test, "/Things('quarry-microgrid:pv')/name")).toEqual({ name: expect.any(String) })
    const bare = await test.inject(at(`/Datastreams('${pv}')/name/$value`))
    expect([bare.headers['content-type'], bare.body]).toEqual(['text/plain; charset=utf-8', 'Power'])
    const links = await get(test, "/Things('quarry-microgrid:pv')/Datastreams/$ref?$top=1")
    expect(Object.keys(links.value[0])).toEqual(['@iot.selfLink'])
    const deep = `/Things('quarry-microgrid:pv')/Datastreams('${pv}')/Observations('${pv}:${noonMs}')`
    expect(await get(test, deep)).toMatchObject({ '@iot.id': `${pv}:${noonMs}`, result: 0 })
    expect(await get(test, `${deep}/Datastream/Thing`)).toMatchObject({ '@iot.id': 'quarry-microgrid:pv' })
    expect(await get(test, `${deep}/FeatureOfInterest/feature`)).toMatchObject({ feature: { type: 'Point' } })
    const missing = `/Observations('${pv}:${noonMs - 240_000}')`
    expect(await get(test, missing)).toMatchObject({ result: null, resultQuality: 'missing' })
    expect(await status(test, `${missing}/result`)).toBe(204)
  })

  it.each([
    '/Nothings',
    "/Things('nobody')",
    "/Things('quarry-microgrid:pv')/Sensors",
    "/Things('quarry-microgrid:pv')/name/more",
    `/Things('quarry-microgrid:battery')/Datastreams('${pv}')`,
    `/Observations('${pv}:1')`,
    '/Things/Datastreams',
  ])('finds nothing at %s', async (path) => {
    const answer = await test.inject(at(path))
    expect(answer.statusCode).toBe(404)
    expect(answer.headers['content-type']).toContain('application/problem+json')
  })
})

describe('18-088 req/datamodel', () => {
  it.each(entityTypes.filter((type) => type !== 'HistoricalLocation'))(
    '%s has its properties, relations and control information',
    async (type: EntityType) => {
      const [one] = (await get(test, `/${shapes[type].set}?$top=1`)).value
      const relations = Object.keys(shapes[type].navigation).map((name) => `${name}@iot.navigationLink`)
      expect(Object.keys(one).sort()).toEqual(
        ['@iot.id', '@iot.selfLink', ...shapes[type].properties, ...relations].sort(),
      )
      expect(await get(test, pathOf(one['@iot.selfLink']).slice(at('').length))).toEqual(one)
    },
  )

  it('maps a point to a Datastream with its unit in UCUM', async () => {
    expect(await get(test, `/Datastreams('${pv}')?$expand=Thing,Sensor,ObservedProperty`)).toMatchObject({
      observationType: 'http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement',
      unitOfMeasurement: { name: 'kW', symbol: 'kW', definition: 'http://www.opengis.net/def/uom/UCUM/0/kW' },
      Thing: { '@iot.id': 'quarry-microgrid:pv' },
      Sensor: { '@iot.id': 'pv' },
      ObservedProperty: { '@iot.id': 'power:powerKw', name: 'powerKw', description: 'power' },
    })
    expect(await get(test, '/HistoricalLocations')).toEqual({ value: [] })
  })

  it('computes Observations of a computed point', async () => {
    const sum = "/Datastreams('quarry-microgrid:quarry.sunShare')"
    expect(await get(test, `${sum}/Sensor`)).toMatchObject({ '@iot.id': 'expression' })
    expect(await get(test, `${sum}/Observations?$count=true&$top=1`)).toMatchObject({ '@iot.count': 10 })
  })
})

describe('18-088 req/request-data', () => {
  const observations = `/Datastreams('${pv}')/Observations`

  it('select: tells what is named', async () => {
    expect((await get(test, `${observations}?$select=result&$top=1`)).value).toEqual([{ result: 90 }])
    const [one] = (await get(test, '/Things?$select=id,name,Datastreams&$top=1')).value
    expect(Object.keys(one)).toEqual(['@iot.id', '@iot.selfLink', 'name', 'Datastreams@iot.navigationLink'])
  })

  it('expand: nests entities with options of their own', async () => {
    const path =
      "/Things('quarry-microgrid:pv')?$expand=Datastreams($filter=name eq 'Power';$select=name;$expand=Observations($top=2;$orderby=result desc;$count=true)),Locations"
    const found = await get(test, path)
    expect(found.Datastreams).toHaveLength(1)
    expect(found.Datastreams[0]).toMatchObject({ name: 'Power', 'Observations@iot.count': 10 })
    expect(found.Datastreams[0].Observations.map(({ result }: Answer) => result)).toEqual([90, 80])
    const next = await test.inject(pathOf(found.Datastreams[0]['Observations@iot.nextLink']))
    expect(results(next.json())).toEqual([70, 60])
    expect(found.Locations[0]).toMatchObject({ '@iot.id': 'quarry-microgrid' })
    expect(await get(test, `${observations}?$top=1&$expand=Datastream/Thing`)).toMatchObject({
      value: [{ Datastream: { Thing: { '@iot.id': 'quarry-microgrid:pv' } } }],
    })
  })

  it('orderby: sorts by any property, null first', async () => {
    expect(results(await get(test, `${observations}?$orderby=result&$top=3`))).toEqual([null, 0, 10])
    expect(results(await get(test, `${observations}?$orderby=phenomenonTime desc&$top=3`))).toEqual([0, 10, 20])
    expect(results(await get(test, `${observations}?$orderby=phenomenonTime asc&$top=3`))).toEqual([90, 80, 70])
    expect(results(await get(test, `${observations}?$orderby=result mod 20 desc,result asc&$top=3`))).toEqual([
      10, 30, 50,
    ])
    const names = (await get(test, '/Sensors?$orderby=name desc')).value.map(({ name }: Answer) => name)
    expect(names).toEqual([...names].sort().reverse())
  })

  it('top, skip and count: a part, and how many there are', async () => {
    const part = await get(test, `${observations}?$top=2&$skip=3&$count=true&$orderby=phenomenonTime desc`)
    expect([part['@iot.count'], results(part)]).toEqual([10, [30, null]])
    expect(await get(test, `${observations}?$top=0&$count=true`)).toEqual({ '@iot.count': 10, value: [] })
    expect((await get(test, '/Observations?$count=true&$filter=result gt 30'))['@iot.count']).toBe(5)
    expect((await get(test, '/Things?$count=true&$top=1'))['@iot.count']).toBe((await allPages(test, '/Things')).length)
  })

  it('filter: by properties, relations and functions', async () => {
    const [from, to] = [noonMs - 180_000, noonMs].map((ms) => new Date(ms).toISOString())
    expect(
      results(await get(test, `${observations}?$filter=phenomenonTime ge ${from} and phenomenonTime lt ${to}`)),
    ).toEqual([30, 20, 10])
    // The offset of a time is not a space.
    const local = '2026-07-06T12:00:00+08:00'
    expect((await test.inject(`${at(observations)}?$filter=phenomenonTime+eq+${local}`)).json().value).toHaveLength(1)
    expect(results(await get(test, `${observations}?$filter=resultQuality eq 'missing'`))).toEqual([null])
    expect(results(await get(test, "/Observations?$filter=Datastream/Thing/properties/kind eq 'battery'"))).toEqual([
      0.5, 0.5,
    ])
    const things = await get(test, "/Things?$filter=Datastreams/ObservedProperty/name eq 'soc'&$select=id")
    expect(things.value).toMatchObject([
      { '@iot.id': 'liyang-park:battery' },
      { '@iot.id': 'quarry-microgrid:battery' },
    ])
    const near = await get(
      test,
      "/Locations?$filter=geo.distance(location, geography'POINT (93.5 42.8)') lt 1&$select=id",
    )
    expect(near.value).toMatchObject([{ '@iot.id': 'quarry-microgrid' }])
  })

  it.each([
    ['$filter=result', 200],
    ['$filter=nothing eq 1', 400],
    ['$filter=result gt', 400],
    ["$filter=foo('a')", 400],
    ['$filter=st_crosses(result, result)', 400],
    ['$top=-1', 400],
    ['$top=x', 400],
    ['$count=maybe', 400],
    ['$expand=Nothing', 400],
    ['$expand=Datastream($expand=Thing($expand=Locations($expand=Things)))', 400],
    ['$select=nothing', 400],
    ['$orderby=result sideways', 400],
    ['$skiptoken=nonsense', 400],
    ['$skiptoken=WyJhIiwxZTMwLDFd', 400],
    ['$nothing=1', 400],
    ['nothing=1', 400],
  ])('query-status-code: %s → %i', async (query, wanted) => {
    expect(await status(test, `/Observations?${query}`)).toBe(wanted)
  })

  it('data array: Observations as rows', async () => {
    const { value } = await get(test, `${observations}?$resultFormat=dataArray&$top=1&$select=phenomenonTime,result`)
    expect(value).toMatchObject([
      {
        components: ['phenomenonTime', 'result'],
        'dataArray@iot.count': 1,
        dataArray: [['2026-07-06T03:51:00.000Z', 90]],
      },
    ])
  })
})

/** Every address that an answer holds. */
function linksIn(answer: Answer): readonly string[] {
  if (Array.isArray(answer)) return answer.flatMap(linksIn)
  if (typeof answer !== 'object' || answer === null) return []
  return Object.entries(answer).flatMap(([name, value]) =>
    /@iot\.(selfLink|navigationLink|nextLink)$|^url$/.test(name) ? [String(value)] : linksIn(value),
  )
}
