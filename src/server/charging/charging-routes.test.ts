import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { InjectOptions } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createStation, type OcppClient, type SimulatedStation } from '../../gateway/index.ts'
import type { SetpointView } from '../commands/view.ts'
import { type GuardedServer, openGuardedServer } from '../guarded.fixture.ts'
import { declaredSchemas, misfits } from '../server.fixture.ts'
import { startSession } from './station-orders.ts'

const yard = `
id: quarry-microgrid
name: Yard
location: { latitude: 31.4, longitude: 119.5, altitudeM: 8 }
zone: Asia/Shanghai
currency: CNY
assets:
  grid: { kind: grid, importLimitKw: 500, exportLimitKw: 0 }
tariff:
  import: { timeOfUse: { periods: [{ name: day, pricePerKwh: 1 }] } }
points:
  post-1.powerKw: { unit: kW }
gateways:
  chargers:
    protocol: ocpp
    port: 0
    security: 0
    tokensFile: cards.json
    fallbackKw: 4.2
    stations:
      - { id: P1, evses: [{ id: 1, asset: post-1 }] }
      - { id: P2, evses: [{ id: 1 }] }
charging:
  gateway: chargers
  circuits: { connection: { limitKw: 300 } }
  places: { P1: { circuit: connection }, P2: { circuit: connection } }
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
const folder = mkdtempSync(join(tmpdir(), 'mangrove-charging-http-'))
const file = join(folder, 'site.yaml')
writeFileSync(file, yard)
writeFileSync(
  join(folder, 'cards.json'),
  '[{ "id": "CARD-1" }, { "id": "=CARD-2" }, { "id": "LOST", "blocked": true }]',
)

let test: GuardedServer
const stations: SimulatedStation[] = []
let p1: SimulatedStation
let p2: SimulatedStation
beforeAll(async () => {
  test = await openGuardedServer({}, { sites: [{ file }] })
  const { parts } = test.server
  parts.field.open(parts.sites.get('quarry-microgrid').site)
  const client = parts.field.links()[0]!.client as OcppClient
  await client.ready
  parts.charging.start()
  p1 = await comeAs('P1')
  p2 = await comeAs('P2', 'ocpp2.0.1')
})
async function comeAs(stationId: string, version: 'ocpp1.6' | 'ocpp2.0.1' = 'ocpp1.6'): Promise<SimulatedStation> {
  const { port } = (test.server.parts.field.links()[0]!.client as OcppClient).system!
  const url = `ws://127.0.0.1:${port}`
  const station = createStation({ url, stationId, version, clock: test.accountsClock, sockets: 1, mostKw: 11 })
  await station.connect()
  stations.push(station)
  await station.boot()
  await station.settled()
  return station
}
afterAll(async () => {
  for (const station of stations) await station.disconnect()
  await test.close()
  rmSync(folder, { recursive: true, force: true })
})

const car = { batteryKwh: 60, soc: 0.2, maxCurrentA: 16, phases: 3 } as const
const base = '/api/v1/sites/quarry-microgrid/charging'
const operator = 'north-operator'
const get = async (url: string, user = operator, headers: InjectOptions['headers'] = {}) => {
  const answer = await test.as(user, { url, headers })
  expect(answer.statusCode, answer.body).toBe(200)
  return answer
}
const order = async (station: string, what: string, body: object) => {
  const url = `${base}/stations/${station}/${what}`
  const answer = await test.as(operator, { method: 'POST', url, payload: { reason: 'to see', ...body } })
  return answer.json() as { status: number | string; code?: string; detail?: string }
}
const stationNow = async (id: string, user = operator) =>
  (await get(base, user)).json().stations.find((one: { id: string }) => one.id === id)

describe('charging over HTTP', () => {
  it('starts a session, shows it with why, and stops it with a bill, as the schemas say', async () => {
    const schemas = await declaredSchemas(test)
    await p1.plugIn(1, car)
    expect(await order('P1', 'start', { evse: 1, card: 'CARD-1' })).toEqual({ status: 'Accepted' })
    await p1.settled()
    await expect
      .poll(async () => (await stationNow('P1')).evses[0].limit?.powerKw, { timeout: 5000 })
      .toBeCloseTo(4.14, 6)
    const answer = (await get(base)).json()
    expect(misfits(schemas.answer('/api/v1/sites/{id}/charging', 'get', 200), answer)).toEqual([])
    // No meter tells anything, so the safe limit holds.
    expect(answer).toMatchObject({ mode: 'fallback', meter: { ref: 'grid.powerKw', silent: true, powerKw: null } })
    expect(answer.doors).toEqual([{ gateway: 'chargers', state: 'connected' }])
    expect(answer.stations[0]).toMatchObject({
      ...{ id: 'P1', connected: true, version: 'ocpp1.6', admitted: 'accepted' },
      evses: [{ id: 1, asset: 'post-1', status: 'charging', why: 'fallback', running: { card: 'CARD-1' } }],
    })
    p1.step(3600)
    test.accountsClock.nowMs += 3_600_000
    await p1.sendMeterValues(1)
    const { running } = (await stationNow('P1')).evses[0]
    expect(running.energyKwh).toBeGreaterThan(1)
    expect((await order('P1', 'start', { evse: 1, card: 'CARD-1' })).code).toBe('ocpp.held-back')
    expect((await order('P1', 'unlock', { evse: 1 })).code).toBe('ocpp.held-back')
    expect((await order('P1', 'reset', { how: 'hard' })).code).toBe('ocpp.held-back')
    expect(await order('P1', 'stop', { session: running.id })).toEqual({ status: 'Accepted' })
    await p1.settled()
    expect((await stationNow('P1')).evses[0]).toMatchObject({ running: null, why: null })

    const query = `${base}/sessions?from=2026-07-01T00:00:00Z&to=2026-08-01T00:00:00Z`
    const { sessions } = (await get(query)).json()
    expect(sessions).toHaveLength(1)
    const [{ bill, energyKwh, ...session }] = sessions
    expect(session).toMatchObject({ id: running.id, card: 'CARD-1', reason: 'Remote', inferred: false, noBill: null })
    expect(bill.net).toBeCloseTo(1 + energyKwh * 1.2, 1)
    expect(bill.gross).toBeCloseTo(bill.net * 1.06, 1)
    expect(misfits(schemas.answer('/api/v1/sites/{id}/charging/sessions', 'get', 200), { sessions })).toEqual([])
    const csv = await get(query, operator, { accept: 'text/csv' })
    expect(csv.headers['content-type']).toContain('text/csv')
    expect(csv.body.split('\n')).toEqual([
      'id,gateway,station,evse,card,started,ended,energyKwh,reason,inferred,tariff,currency,net,tax,gross,noBill',
      expect.stringMatching(/^P1\/1,chargers,P1,1,CARD-1,2026-07-06T.*,Remote,false,day,CNY,/),
      '',
    ])
    expect((await test.as(operator, { url: query, headers: { accept: 'image/png' } })).statusCode).toBe(406)
  })

  it('pages sessions, has no bill without a tariff, and hides cards from who may only look', async () => {
    await p2.plugIn(1, car)
    await p2.showToken(1, '=CARD-2')
    await p2.settled()
    const all = `${base}/sessions?from=2026-07-01T00:00:00Z&to=2026-08-01T00:00:00Z&limit=1`
    const first = (await get(all)).json()
    const second = (await get(`${all}&cursor=${first.next}`)).json()
    expect([...first.sessions, ...second.sessions].map(({ station }) => station)).toEqual(['P1', 'P2'])
    expect(second.next).toBeUndefined()
    expect(second.sessions[0]).toMatchObject({ endedMs: null, bill: null, noBill: 'still-running', card: '=CARD-2' })
    expect((await get(`${all}&cursor=${first.next}`, operator, { accept: 'text/csv' })).body).toContain(",'=CARD-2,")
    const seen = (await stationNow('P2', 'north-viewer')).evses[0].running.card
    expect(seen).toMatch(/^#[0-9a-f]{10}$/)
    expect(JSON.stringify((await get(all, 'north-viewer')).json())).not.toContain('CARD')
    expect(await order('P2', 'stop', { session: second.sessions[0].id })).toEqual({ status: 'Accepted' })
    await p2.settled()
    expect((await get(`${all}&cursor=${first.next}`)).json().sessions[0]).toMatchObject({ noBill: 'no-tariff' })
  })

  it('unlocks and resets, refuses what cannot be, and notes it all', async () => {
    expect(await order('P1', 'unlock', { evse: 1 })).toEqual({ status: 'Unlocked' })
    expect(await order('P2', 'reset', { how: 'soft' })).toEqual({ status: 'Accepted' })
    expect((await order('P9', 'reset', { how: 'soft' })).code).toBe('ocpp.unknown-station')
    expect((await order('P1', 'unlock', { evse: 7 })).code).toBe('ocpp.unknown-station')
    expect((await order('P1', 'stop', { session: 'P1/99' })).code).toBe('ocpp.unknown-transaction')
    expect((await order('P1', 'start', { evse: 1, card: 'LOST' })).detail).toContain('card')
    await expect(comeAs('P9')).rejects.toThrow()
    const url = `${base}/stations/P1/reset`
    const payload = { how: 'soft', reason: 'to see' }
    expect((await test.as('north-viewer', { method: 'POST', url, payload })).statusCode).toBe(403)
    const { entries } = (await test.as('platform-admin', { url: '/api/v1/audit?limit=100' })).json()
    const what = entries.map((one: { what: string; on?: string }) => `${one.what} ${one.on ?? ''}`)
    expect(what).toContain('station-sign-in station P9 at chargers')
    expect(what).toContain('unlockCharging station P1: to see')
    expect(what).toContain('startCharging station P1: to see')
  })

  it('starts nothing while the site is held, or an interlock holds the chargers at nothing', async () => {
    const parts = { site: 'quarry-microgrid', stationId: 'P1', field: test.server.parts.field }
    const start = (hold: { reason: string; by: string; sinceMs: number } | null, setpoints: object[]) =>
      startSession(parts, { evse: 1, card: 'CARD-1' }, { hold, setpoints: setpoints as SetpointView[] }, (asset) => [
        asset!,
        'ev',
      ])
    const locked = { ref: 'ev.limitKw', value: 0, interlocks: ['fire'] }
    await expect(start({ reason: 'Work', by: 'x', sinceMs: 0 }, [])).rejects.toMatchObject({ code: 'ocpp.held-back' })
    await expect(start(null, [locked])).rejects.toMatchObject({ code: 'ocpp.held-back' })
    await p1.plugIn(1, car)
    expect(await start(null, [{ ...locked, value: 50 }])).toEqual({ status: 'Accepted' })
  })

  it('is told to a scraper, by site', async () => {
    const { body } = await test.as('platform-admin', { url: '/metrics' })
    const value = (name: string): number =>
      Number(new RegExp(`^mangrove_charging_${name}\\{site="quarry-microgrid"\\} (\\S+)$`, 'm').exec(body)?.[1])
    expect([value('mode'), value('chargers'), value('stations')]).toEqual([2, 2, 2])
    expect(value('sessions_started_total')).toBeGreaterThanOrEqual(2)
    expect(value('sessions_ended_total')).toBe(2)
    expect(value('energy_joules_total')).toBeGreaterThan(3.6e6)
    expect(value('limits_sent_total')).toBeGreaterThan(0)
  })
})
