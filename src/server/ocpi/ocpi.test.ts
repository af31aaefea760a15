import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { Check } from 'typebox/value'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  type Cdr,
  CdrSchema,
  CredentialsSchema,
  createStation,
  LocationSchema,
  type OcppClient,
  ResponseSchema,
  type Session,
  SessionSchema,
  type SimulatedStation,
  TariffSchema,
  VersionDetailsSchema,
} from '../../gateway/index.ts'
import { testAccounts } from '../accounts/accounts.fixture.ts'
import { openTestServer, type TestServer } from '../server.fixture.ts'

const siteFile = (id: string) => `
id: ${id}
name: Yard ${id}
location: { latitude: 31.4, longitude: 119.5, altitudeM: 8 }
zone: Asia/Shanghai
currency: CNY
weather: { synthetic: { seed: 1, monthly: { ghiKwhPerM2Day: [3, 3, 3, 4, 4, 4, 5, 5, 4, 3, 3, 3], temperatureC: [3, 5, 9, 15, 20, 24, 28, 28, 23, 18, 11, 5], windSpeedMPerS: [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2] } } }
assets:
  grid: { kind: grid, importLimitKw: 500, exportLimitKw: 0 }
tariff:
  import: { timeOfUse: { periods: [{ name: day, pricePerKwh: 1 }] } }
gateways:
  chargers:
    protocol: ocpp
    port: 0
    security: 0
    tokensFile: cards.json
    stations: [{ id: P1, evses: [{ id: 1 }] }, { id: HIDDEN, evses: [{ id: 1 }] }]
roaming:
  country: CN
  party: LYP
  operator: Liyang Park
  address: { street: Chengnan Road 1, city: Liyang, country: CHN }
  chargers:
    P1: { standard: IEC_62196_T2, format: SOCKET, power: AC_3_PHASE, volts: 230, amperes: 32, tariff: day }
  tariffs:
    day: { taxShare: 0.06, elements: [{ components: [{ kind: flat, price: 1 }, { kind: energy, price: 1.2 }] }] }
`
const folder = mkdtempSync(join(tmpdir(), 'mangrove-ocpi-'))
const files = ['yard-a', 'yard-b'].map((id) => {
  const file = join(folder, `${id}.yaml`)
  writeFileSync(file, siteFile(id))
  return { file }
})
writeFileSync(join(folder, 'cards.json'), '[{ "id": "OWN" }]')

const { accounts, clock } = testAccounts()
let test: TestServer
let emsp: Server
let emspUrl = ''
let emspVersions: unknown
/** Authorizations that the eMSP was asked with. */
const asked = new Set<string | undefined>()
const stations: SimulatedStation[] = []

beforeAll(async () => {
  await accounts.organisations.create({ id: 'north', name: 'North', sites: ['yard-a'] })
  await accounts.organisations.create({ id: 'south', name: 'South', sites: ['yard-b'] })
  test = await openTestServer({ accounts, clock, sites: files })
  for (const { site } of test.server.parts.sites.all()) test.server.parts.field.open(site)
  for (const { client } of test.server.parts.field.links()) await (client as OcppClient).ready
  emsp = createServer((request, response) => {
    asked.add(request.headers.authorization)
    const data = request.url === '/versions' ? emspVersions : { version: '2.2.1', endpoints: endpoints() }
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ data, status_code: 1000, timestamp: '2026-07-06T04:00:00Z' }))
  })
  await new Promise<void>((resolve) => emsp.listen(0, '127.0.0.1', resolve))
  emspUrl = `http://127.0.0.1:${(emsp.address() as { port: number }).port}`
  emspVersions = [{ version: '2.2.1', url: `${emspUrl}/2.2.1` }]
})
afterAll(async () => {
  for (const station of stations) await station.disconnect()
  emsp.closeAllConnections()
  await new Promise((resolve) => emsp.close(resolve))
  await test.close()
  rmSync(folder, { recursive: true, force: true })
})

const endpoints = () => [{ identifier: 'credentials', role: 'RECEIVER', url: `${emspUrl}/credentials` }]

interface Told {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly code: number
  // biome-ignore lint/suspicious/noExplicitAny: what a party reads, field by field
  readonly data: any
}

async function ask(token: string, method: string, url: string, payload?: unknown): Promise<Told> {
  const answer = await test.inject({
    ...{ method: method as 'GET', url: `/ocpi/${url}` },
    headers: {
      authorization: `Token ${Buffer.from(token).toString('base64')}`,
      ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
      ...{ 'x-correlation-id': 'of-the-test', 'ocpi-from-party-id': 'TNM' },
    },
    ...(payload === undefined ? {} : { payload: typeof payload === 'string' ? payload : JSON.stringify(payload) }),
  })
  const body = answer.json()
  expect(Check(ResponseSchema, body), answer.body).toBe(true)
  return { status: answer.statusCode, headers: answer.headers, code: body.status_code, data: body.data }
}

const credentials = (party: string, country = 'NL') => ({
  ...{ token: `secret-of-${party}`, url: `${emspUrl}/versions` },
  roles: [{ role: 'EMSP', business_details: { name: party }, party_id: party, country_code: country }],
})
const invite = (site: string, organisation: string, party: string) =>
  test.server.parts.ocpi!.parties.invite({ site, organisation, title: party, country: 'NL', party })
async function signUp(site: string, organisation: string, party: string): Promise<string> {
  const { text } = await invite(site, organisation, party)
  return (await ask(text, 'POST', '2.2.1/credentials', credentials(party))).data.token
}
const card = (party: string, uid: string) => ({
  ...{ country_code: 'NL', party_id: party, uid, type: 'RFID', contract_id: `NL-${party}-1`, issuer: party },
  ...{ valid: true, whitelist: 'ALWAYS', last_updated: '2026-07-06T00:00:00Z' },
})
const putCard = (token: string, party: string, uid: string, over: object = {}) =>
  ask(token, 'PUT', `2.2.1/tokens/NL/${party}/${uid}`, { ...card(party, uid), ...over })

async function plugIn(site: string, uid: string): Promise<SimulatedStation> {
  const link = test.server.parts.field.links().find((one) => one.site === site)!
  const station = createStation({
    ...{ url: `ws://127.0.0.1:${(link.client as OcppClient).system!.port}`, stationId: 'P1' },
    ...{ version: 'ocpp1.6' as const, clock, sockets: 1, mostKw: 11 },
  })
  stations.push(station)
  await station.connect()
  await station.boot()
  await station.settled()
  await station.plugIn(1, { batteryKwh: 60, soc: 0.2, maxCurrentA: 16, phases: 3 })
  await station.showToken(1, uid)
  return station
}

describe('the handshake', () => {
  it('goes from token A over B to C, and A is good for nothing else', async () => {
    const { text } = await invite('yard-a', 'north', 'AAA')
    const versions = await ask(text, 'GET', 'versions')
    expect(versions.data).toEqual([{ version: '2.2.1', url: 'http://localhost:80/ocpi/2.2.1' }])
    expect(versions.headers).toMatchObject({ 'x-correlation-id': 'of-the-test', 'ocpi-to-party-id': 'TNM' })
    const details = await ask(text, 'GET', '2.2.1')
    expect(Check(VersionDetailsSchema, details.data)).toBe(true)
    expect((await ask(text, 'GET', '2.2.1/locations')).status).toBe(401)
    expect((await ask(text, 'PUT', '2.2.1/credentials', credentials('AAA'))).status).toBe(405)
    const made = await ask(text, 'POST', '2.2.1/credentials', credentials('AAA'))
    expect(Check(CredentialsSchema, made.data)).toBe(true)
    expect(made.data.roles).toMatchObject([{ role: 'CPO', party_id: 'LYP', country_code: 'CN' }])
    expect(asked).toContain(`Token ${Buffer.from('secret-of-AAA').toString('base64')}`)
    expect((await ask(text, 'GET', 'versions')).status).toBe(401)
    const token = made.data.token as string
    expect((await ask(token, 'GET', '2.2.1/locations')).code).toBe(1000)
    expect((await ask(token, 'POST', '2.2.1/credentials', credentials('AAA'))).status).toBe(405)
    const renewed = (await ask(token, 'PUT', '2.2.1/credentials', credentials('AAA'))).data.token
    expect((await ask(token, 'GET', '2.2.1/credentials')).status).toBe(401)
    expect((await ask(renewed, 'GET', '2.2.1/credentials')).data.token).toBe(renewed)
    expect((await ask(renewed, 'DELETE', '2.2.1/credentials')).code).toBe(1000)
    expect((await ask(renewed, 'GET', 'versions')).status).toBe(401)
    // Nothing that is kept opens a door.
    const kept = JSON.stringify(await test.store.records.list('ocpi-party'))
    for (const secret of [text, token, renewed, 'secret-of-AAA']) expect(kept).not.toContain(secret.slice(-43))
  })

  it('is refused for another party, for one that does not answer, and for one of another version', async () => {
    const { text } = await invite('yard-a', 'north', 'BBB')
    expect((await ask(text, 'POST', '2.2.1/credentials', credentials('ZZZ'))).code).toBe(2001)
    const dead = { ...credentials('BBB'), url: 'http://127.0.0.1:9/versions' }
    expect((await ask(text, 'POST', '2.2.1/credentials', dead)).code).toBe(3001)
    const foreign = { ...credentials('BBB'), url: 'http://centre.example/versions' }
    expect((await ask(text, 'POST', '2.2.1/credentials', foreign)).code).toBe(3001)
    const before = emspVersions
    emspVersions = [{ version: '2.1.1', url: `${emspUrl}/2.1.1` }]
    expect((await ask(text, 'POST', '2.2.1/credentials', credentials('BBB'))).code).toBe(3002)
    emspVersions = before
    await expect(invite('yard-a', 'north', 'BBB')).rejects.toMatchObject({ code: 'ocpi.party-there' })
  })
})

describe('a party', () => {
  it('sees the chargers of the site, charges with its cards, and gets sessions and a CDR that is the bill', async () => {
    const token = await signUp('yard-a', 'north', 'TNM')
    const other = await signUp('yard-a', 'north', 'OTH')
    const southern = await signUp('yard-b', 'south', 'TNM')
    const [location] = (await ask(token, 'GET', '2.2.1/locations')).data
    expect(Check(LocationSchema, location)).toBe(true)
    expect(location).toMatchObject({ id: 'yard-a', evses: [{ uid: 'P1*1', status: 'UNKNOWN' }] })
    expect((await ask(token, 'GET', '2.2.1/locations/yard-a/P1*1/1')).data).toMatchObject({ tariff_ids: ['day'] })
    expect((await ask(token, 'GET', '2.2.1/locations/yard-b')).status).toBe(404)
    expect((await ask(token, 'GET', '2.2.1/locations/yard-a/HIDDEN*1')).status).toBe(404)
    const [tariff] = (await ask(token, 'GET', '2.2.1/tariffs')).data
    expect(Check(TariffSchema, tariff)).toBe(true)

    expect((await putCard(token, 'TNM', 'CARD-1')).code).toBe(1000)
    expect((await putCard(other, 'OTH', 'card-1')).code).toBe(2001)
    expect((await putCard(token, 'TNM', 'own')).code).toBe(2001)
    expect((await putCard(token, 'OTH', 'CARD-2')).status).toBe(404)
    expect((await ask(token, 'GET', '2.2.1/tokens/nl/tnm/card-1?type=RFID')).data).toMatchObject({ uid: 'CARD-1' })

    const station = await plugIn('yard-a', 'CARD-1')
    clock.nowMs += 3_600_000
    station.step(3600)
    await station.sendMeterValues(1)
    const list = '2.2.1/sessions?date_from=2026-07-01T00:00:00Z'
    const [running] = (await ask(token, 'GET', list)).data as Session[]
    expect(Check(SessionSchema, running)).toBe(true)
    expect(running).toMatchObject({ status: 'ACTIVE', evse_uid: 'P1*1', cdr_token: { uid: 'CARD-1' } })
    expect(running!.kwh).toBeGreaterThan(5)
    const [now] = (await ask(token, 'GET', '2.2.1/locations')).data
    expect(now.evses[0].status).toBe('CHARGING')
    expect(now.last_updated > location.last_updated).toBe(true)

    await station.unplug(1)
    await station.settled()
    await vi.waitFor(async () => expect((await ask(token, 'GET', list)).data[0].status).toBe('COMPLETED'))
    expect((await ask(token, 'GET', '2.2.1/cdrs')).data).toEqual([])
    clock.nowMs += 61_000
    const [cdr] = (await ask(token, 'GET', '2.2.1/cdrs')).data as Cdr[]
    expect(Check(CdrSchema, cdr)).toBe(true)
    const net = 1 + Math.round(cdr!.total_energy * 120) / 100
    expect(cdr!.total_cost).toEqual({ excl_vat: net, incl_vat: Math.round(net * 106) / 100 })
    clock.nowMs += 86_400_000
    expect((await ask(token, 'GET', '2.2.1/cdrs')).data).toEqual([cdr])
    expect((await ask(token, 'GET', list)).data).toMatchObject([{ id: cdr!.id, total_cost: cdr!.total_cost }])

    // Neither another party at the site, nor the same one at another site of others, sees any of it.
    for (const stranger of [other, southern]) {
      expect((await ask(stranger, 'GET', list)).data).toEqual([])
      expect((await ask(stranger, 'GET', '2.2.1/cdrs')).data).toEqual([])
    }
    expect((await ask(southern, 'GET', '2.2.1/locations')).data).toMatchObject([{ id: 'yard-b' }])
  })

  it('has no card that was blocked, or that has to be asked for', async () => {
    const token = await signUp('yard-b', 'south', 'OTH')
    const { tokens } = (test.server.parts.field.links().find(({ site }) => site === 'yard-b')!.client as OcppClient)
      .system!
    const may = (uid: string) => tokens.judge(uid, clock.nowMs, 0).status
    await putCard(token, 'OTH', 'CARD-7')
    expect(may('CARD-7')).toBe('accepted')
    const change = { valid: false, last_updated: '2026-07-06T01:00:00Z' }
    expect((await ask(token, 'PATCH', '2.2.1/tokens/NL/OTH/CARD-7', change)).code).toBe(1000)
    expect(may('CARD-7')).toBe('blocked')
    // An older word that comes late changes nothing.
    expect((await putCard(token, 'OTH', 'CARD-7')).code).toBe(1000)
    expect(may('CARD-7')).toBe('blocked')
    await putCard(token, 'OTH', 'CARD-8', { whitelist: 'NEVER' })
    expect(may('CARD-8')).toBe('blocked')
    expect((await ask(token, 'PATCH', '2.2.1/tokens/NL/OTH/CARD-9', change)).code).toBe(2004)
    expect((await ask(token, 'PATCH', '2.2.1/tokens/NL/OTH/CARD-7', { valid: true })).code).toBe(2001)
  })

  it('is nobody after the site went to another owner, and after it was removed', async () => {
    const token = await signUp('yard-b', 'south', 'GON')
    await accounts.organisations.change('south', { sites: [] })
    expect((await ask(token, 'GET', 'versions')).status).toBe(401)
    await accounts.organisations.change('south', { sites: ['yard-b'] })
    expect((await ask(token, 'GET', 'versions')).status).toBe(200)
    const { parties } = test.server.parts.ocpi!
    const { id } = (await parties.of('yard-b')).find(({ party }) => party === 'GON')!
    await expect(parties.remove('yard-a', id)).rejects.toMatchObject({ code: 'ocpi.unknown-party' })
    await parties.remove('yard-b', id)
    expect((await ask(token, 'GET', 'versions')).status).toBe(401)
  })
})

describe('lists and bad input', () => {
  it('are asked for in pages and by time', async () => {
    const token = await signUp('yard-a', 'north', 'PAG')
    const first = await ask(token, 'GET', '2.2.1/locations?limit=1&offset=0')
    expect(first.headers).toMatchObject({ 'x-total-count': '1', 'x-limit': '100' })
    expect(first.headers.link).toBeUndefined()
    expect((await ask(token, 'GET', '2.2.1/locations?date_to=2020-01-01T00:00:00')).data).toEqual([])
    for (const query of ['limit=0', 'limit=x', 'offset=-1', 'date_from=yesterday', 'date_from=2026-07-06']) {
      expect(await ask(token, 'GET', `2.2.1/locations?${query}`)).toMatchObject({ status: 400, code: 2001 })
    }
    expect(await ask(token, 'GET', '2.2.1/sessions')).toMatchObject({ status: 400, code: 2001 })
  })

  it('break nothing, whatever a party sends', async () => {
    const token = await signUp('yard-a', 'north', 'FUZ')
    const { text } = await invite('yard-a', 'north', 'INV')
    const value = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.string(), fc.constant('{'))
    const mutated = fc.tuple(fc.constantFrom(...Object.keys(card('FUZ', 'X'))), value).map(([field, other]) => ({
      ...card('FUZ', 'X'),
      [field]: other,
    }))
    const cases = fc.tuple(fc.boolean(), fc.constantFrom('PUT', 'PATCH', 'POST'), fc.oneof(value, mutated))
    await fc.assert(
      fc.asyncProperty(cases, async ([isCard, method, body]) => {
        const told = isCard
          ? await ask(token, method === 'POST' ? 'PUT' : method, '2.2.1/tokens/NL/FUZ/X', body ?? null)
          : await ask(text, 'POST', '2.2.1/credentials', body ?? null)
        expect(told.status).toBeLessThan(500)
        expect(told.code).toBeLessThan(3000)
        clock.nowMs += 100
      }),
      { numRuns: 40 },
    )
    expect((await ask(token, 'PUT', '2.2.1/tokens/NL/FUZ/X', `"${'x'.repeat(70_000)}"`)).status).toBe(413)
    expect((await ask('mgo_000000000000_x', 'GET', 'versions')).status).toBe(401)
    expect((await test.inject('/ocpi/versions')).statusCode).toBe(401)
  })

  it('are bounded for each party and for strangers', async () => {
    const token = await signUp('yard-a', 'north', 'BUS')
    const statuses = new Set<number>()
    for (let number = 0; number < 105; number += 1) statuses.add((await ask(token, 'GET', 'versions')).status)
    expect([...statuses]).toEqual([200, 429])
    const refused = new Set<number>()
    for (let number = 0; number < 25; number += 1) refused.add((await ask(`guess-${number}`, 'GET', 'versions')).status)
    expect([...refused]).toEqual([401, 429])
    clock.nowMs += 3_600_000
    expect((await ask(token, 'GET', 'versions')).status).toBe(200)
  })
})
