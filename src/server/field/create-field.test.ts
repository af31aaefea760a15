import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { energyPack } from '../../energy/index.ts'
import { createGatewayPack } from '../../gateway/index.ts'
import { quality } from '../../kernel/index.ts'
import { noonMs, openTestServer, type TestServer } from '../server.fixture.ts'
import { type StubProtocol, stubProtocol } from './stub-protocol.fixture.ts'

const siteText = (more = '') => `id: works
name: Works
location: { latitude: 31.4, longitude: 119.4 }
zone: Asia/Shanghai
currency: CNY
assets:
  grid: { kind: grid, importLimitKw: 1000, exportLimitKw: 100 }
  load: { kind: load, demand: 100 }
gateways:
  main-meter: { protocol: stub, title: Main meter, host: 10.0.0.7, point: grid.powerKw }
${more}`

let folder: string
let stub: StubProtocol
let test: TestServer | undefined

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mangrove-field-'))
  stub = stubProtocol()
})
afterEach(async () => {
  await test?.close()
  test = undefined
  rmSync(folder, { recursive: true, force: true })
})

async function open(text = siteText()): Promise<TestServer> {
  const file = join(folder, 'site.yaml')
  writeFileSync(file, text)
  test = await openTestServer({
    packs: [energyPack, createGatewayPack([stub.protocol])],
    protocols: [stub.protocol],
    sites: [{ file }],
  })
  return test
}

describe('the gateways of a site', () => {
  it('bring what devices say into the store, and are told with their state', async () => {
    const { server, inject } = await open()
    const { field, sites } = server.parts
    field.open(sites.get('works').site)
    const reading = { ref: 'grid.powerKw', timestampMs: noonMs - 1000, value: 321, quality: quality.good, unit: 'kW' }
    await stub.ports.get('main-meter')!.take([{ ...reading, value: 321_000, unit: 'W' }])
    const latest = (await inject('/api/v1/observations/latest?site=works&points=grid.powerKw')).json()
    expect(latest.points['grid.powerKw']).toMatchObject({
      value: 321,
      timestampMs: noonMs - 1000,
      source: 'main-meter',
    })
    const told = await inject('/api/v1/sites/works/gateways')
    expect(told.json().gateways).toEqual([
      {
        ...{
          id: 'main-meter',
          title: 'Main meter',
          protocol: 'stub',
          writes: true,
          state: 'connected',
          sinceMs: noonMs,
        },
        ...{ lastHeardMs: null, lastProblem: null, connects: 1, failures: 0, readings: 3, malformed: 0 },
        points: ['grid.powerKw'],
      },
    ])
    expect(field.figures().readings).toEqual({ stored: 1, waited: 0, refused: 0 })
  })

  it('are opened with other settings where a simulated device stands for the real one, and end with the server', async () => {
    const { server } = await open()
    const { field, sites } = server.parts
    field.openTwins(sites.get('works').site, { 'main-meter': { host: '127.0.0.1' } })
    expect(stub.hosts.get('main-meter')).toBe('127.0.0.1')
    expect(field.speaksFor('works', 'grid.powerKw')).toBe(false)
    const reading = { ref: 'grid.powerKw', timestampMs: noonMs, value: 5, quality: quality.good, unit: 'kW' }
    await stub.ports
      .get('main-meter')!
      .take([reading, { ...reading, timestampMs: noonMs - 1, quality: quality.suspect }])
    expect(field.speaksFor('works', 'grid.powerKw')).toBe(true)
    const [latest] = await server.parts.store.observations.latest('works', ['grid.powerKw'])
    expect(latest).toMatchObject({ value: 5, quality: quality.estimated })
    await server.close()
    expect(stub.stopped).toEqual(['main-meter'])
  })

  it.each([
    ['an unknown protocol', 'gateways.other.protocol', '  other: { protocol: modem }\n'],
    ['a field too few', 'gateways.other.host', '  other: { protocol: stub, point: grid.powerKw }\n'],
    [
      'a field nobody reads',
      'gateways.other.hots',
      '  other: { protocol: stub, host: a, hots: b, point: grid.powerKw }\n',
    ],
    [
      'a point that the site has not',
      'gateways.other.point',
      '  other: { protocol: stub, host: a, point: pv.powerKw }\n',
    ],
  ])('with %s are told with their place', async (_, path, more) => {
    await expect(open(siteText(more))).rejects.toMatchObject({
      problems: [{ place: { path, line: 11 } }],
    })
  })
})
