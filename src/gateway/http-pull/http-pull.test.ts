import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkValue, MangroveError, quality } from '../../kernel/index.ts'
import type { FieldClient } from '../field-protocol.ts'
import { type PlayedHouse, playGateway, playHouse, until } from '../link/house.fixture.ts'
import { httpPullProtocol } from './http-pull-protocol.ts'
import { readJsonPath } from './json-path.ts'
import { readAnswer } from './read-answer.ts'
import { type HttpPullSettings, HttpPullSettingsSchema } from './settings.ts'

const units = { 'pv.powerKw': 'kW', 'pv.temperatureC': '°C', 'grid.powerKw': 'kW' }
let house: PlayedHouse
let answer: RequestListener
let server: Server
let url: string
let folder: string
const open: FieldClient[] = []
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mangrove-pull-'))
  house = playHouse()
  server = createServer((request, response) => answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/state`
})
afterEach(async () => {
  for (const client of open.splice(0)) await client.stop()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  rmSync(folder, { recursive: true, force: true })
})

const pull = (own: Partial<HttpPullSettings> = {}): FieldClient => {
  const usual = own.format === undefined ? { values: { 'pv.powerKw': '$.inverters[0].power' } } : {}
  const settings = { url, period: '0.02s', timeout: '0.5s', ...usual, ...own }
  expect(checkValue(HttpPullSettingsSchema, settings).problems).toEqual([])
  const source = { file: join(folder, 'site.yaml'), sha256: '' }
  const gateway = playGateway(settings, units, { source })
  expect(httpPullProtocol.check?.(gateway)).toEqual([])
  const client = httpPullProtocol.open(gateway, house)
  open.push(client)
  return client
}

describe('an address that is asked', () => {
  it('gives the values of its paths in the units of the points, at its own time', async () => {
    answer = (_, response) =>
      void response.end('{"at":1783310400,"inverters":[{"power":1500,"t":"41.5","on":true,"gone":null}]}')
    const client = pull({
      time: '$.at',
      values: {
        power: '$.inverters[0].power',
        'pv.temperatureC': '$.inverters[0]["t"]',
        'grid.powerKw': '$.inverters[0].gone',
      },
      points: { power: { ref: 'pv.powerKw', unit: 'W' } },
    })
    await until(() => house.readings.length >= 2, 'values came')
    const at = { timestampMs: 1_783_310_400_000, quality: quality.good }
    expect(house.readings.slice(0, 2)).toEqual([
      { ref: 'pv.powerKw', unit: 'kW', value: 1.5, ...at },
      { ref: 'pv.temperatureC', unit: '°C', value: 41.5, ...at },
    ])
    expect(house.rows.size).toBe(2)
    expect(client.figures()).toMatchObject({ state: 'connected', connects: 1, failures: 0, malformed: 0 })
  })

  it('gives what a format of observations holds', async () => {
    answer = (_, response) => void response.end('pv powerKw=3.5 1783310400000000000\npv other=1 1783310400000000000')
    const client = pull({ format: 'line-protocol' })
    await until(() => house.readings.length > 0, 'values came')
    expect(house.readings[0]).toMatchObject({ ref: 'pv.powerKw', value: 3.5, unit: 'kW' })
    expect(client.figures().malformed).toBeGreaterThan(0)
  })

  it('is not read again where it did not change, and sends its secrets from their own file', async () => {
    const asked: (string | undefined)[] = []
    answer = (request, response) => {
      asked.push(request.headers['if-none-match'])
      if (request.headers.authorization !== 'Bearer secret') response.writeHead(401).end()
      else if (request.headers['if-none-match'] === '"1"') response.writeHead(304).end()
      else response.writeHead(200, { etag: '"1"' }).end('{"inverters":[{"power":2}]}')
    }
    writeFileSync(join(folder, 'headers.json'), '{"Authorization":"Bearer secret"}')
    const client = pull({ headersFile: 'headers.json' })
    await until(() => asked.length > 4, 'it was asked again')
    expect(asked.slice(0, 3)).toEqual([undefined, '"1"', '"1"'])
    expect(house.readings).toHaveLength(1)
    expect(client.figures()).toMatchObject({ state: 'connected', failures: 0 })
  })

  it('tells a gap once, asks less and less often, and recovers', async () => {
    let asked = 0
    let isDown = false
    answer = (_, response) => {
      asked += 1
      if (isDown) response.writeHead(503).end()
      else response.end('{"inverters":[{"power":2}]}')
    }
    const client = pull()
    await until(() => house.readings.length > 0, 'a value came')
    isDown = true
    await until(() => client.figures().failures >= 4, 'it failed')
    const gaps = () => house.readings.filter(({ value }) => Number.isNaN(value))
    expect(gaps()).toMatchObject([{ ref: 'pv.powerKw', quality: quality.missing }])
    expect(client.figures()).toMatchObject({ state: 'waiting', lastProblem: expect.stringContaining('503') })
    isDown = false
    const before = house.readings.length
    await until(() => house.readings.length > before, 'a value came again')
    expect(gaps()).toHaveLength(1)
    expect(client.figures()).toMatchObject({ state: 'connected', connects: 2 })
    expect(asked).toBeGreaterThan(4)
  })

  it.each<[string, RequestListener, string]>([
    ['never answers', () => undefined, 'gateway.no-link'],
    [
      'does not end',
      (_, response) => void setInterval(() => response.write('x'.repeat(100_000)), 1).unref(),
      'gateway.too-large',
    ],
    [
      'sends on to another host',
      (_, response) => void response.writeHead(302, { location: 'http://example.org/' }).end(),
      'gateway.bad-frame',
    ],
    [
      'sends on for ever',
      (_, response) => void response.writeHead(302, { location: '/again' }).end(),
      'gateway.bad-frame',
    ],
    [
      'sends on to a file',
      (_, response) => void response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
      'gateway.bad-frame',
    ],
    ['says nothing that can be read', (_, response) => void response.end('<html>'), 'gateway.bad-frame'],
    ['cuts the line', (_, response) => void response.socket?.destroy(), 'gateway.no-link'],
  ])('that %s fails by name, and nothing else happens', async (_, behaves, code) => {
    answer = behaves
    const client = pull({ maxKilobytes: 64 })
    await until(() => client.figures().failures > 0, 'it failed')
    expect(client.figures().lastProblem).toContain(code)
    expect(house.readings).toEqual([])
  })

  it('follows a redirect on its own host', async () => {
    answer = (request, response) => {
      if (request.url === '/state') response.writeHead(307, { location: '/now' }).end()
      else response.end('{"inverters":[{"power":4}]}')
    }
    pull()
    await until(() => house.readings.length > 0, 'a value came')
    expect(house.readings[0]!.value).toBe(4)
  })

  it('comes again where the house could not take it', async () => {
    answer = (request, response) =>
      void (request.headers['if-none-match']
        ? response.writeHead(304).end()
        : response.setHeader('etag', '"1"').end('{"inverters":[{"power":2}]}'))
    house.refusal = new Error('full')
    const client = pull()
    await until(() => client.figures().failures > 0, 'it was refused')
    house.refusal = undefined
    await until(() => house.readings.length > 0, 'a value came')
  })

  it.each<[Partial<HttpPullSettings>, string]>([
    [{ values: { 'pv.powerKw': 'inverters' } }, 'values.pv.powerKw'],
    [{ values: { 'nobody.x': '$.a' } }, 'values.nobody.x'],
    [{ format: 'csv', values: { 'pv.powerKw': '$.a' } }, 'values'],
    [{ values: { 'pv.powerKw': '$.a' }, time: 'now' }, 'time'],
  ])('with settings %j is told when the site file is read', (own, path) => {
    const gateway = playGateway({ url: 'http://a/', ...own }, units)
    expect(httpPullProtocol.check?.(gateway)).toMatchObject([{ place: { path } }])
  })
})

describe('what an answer says', () => {
  it('is read from any document without a fault that nobody named', () => {
    const settings = { url: 'http://a/', values: { 'pv.powerKw': '$.a[0].b' }, time: '$.t' }
    const context = {
      site: 'park',
      source: 'x',
      receivedMs: 0,
      unitOf: (ref: string) => units[ref as keyof typeof units],
    }
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        try {
          for (const { value } of readAnswer(Buffer.from(text), settings, context).readings) expect(value).not.toBeNaN()
        } catch (error) {
          expect(error).toBeInstanceOf(MangroveError)
        }
      }),
    )
  })

  it('is found by a path, which never leaves the document', () => {
    const document = { a: [{ b: 1, 'c d': 2 }], 'x-y': { 温度: 3 } }
    const at = (path: string) => readJsonPath(path)?.(document)
    expect(['$.a[0].b', '$.a[0]["c d"]', "$['x-y'].温度", '$.x-y.温度'].map(at)).toEqual([1, 2, 3, 3])
    expect(['$.a.length', '$.constructor', '$.__proto__', '$.a[1].b', '$.a["0"]'].map(at)).toEqual(
      Array(5).fill(undefined),
    )
    expect(['a', '$..a', '$.a[*]', '$.', '$[', '$.a[-1]'].map(readJsonPath)).toEqual(Array(6).fill(undefined))
  })
})
