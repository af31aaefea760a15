import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import type { TSchema } from 'typebox'
import { Errors } from 'typebox/value'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Site } from '../../kernel/index.ts'
import { billSession, type ChargingTariff, connectorStatuses, type Transaction } from '../ocpp/index.ts'
import { locationOf, statusWords } from './location.ts'
import { chargingTariff, type Roaming, RoamingSchema, roamingEvses, roamingSection } from './roaming-section.ts'
import * as schemas from './schemas.ts'
import { cdrOf, sessionId, sessionOf } from './session.ts'
import { tariffOf } from './tariff.ts'
import { ocpiId, ocpiTime, readOcpiTime } from './words.ts'

const guide = readFileSync(join(import.meta.dirname, '../../../docs/guides/ocpi.md'), 'utf8')
const section = parse(/```yaml\n([\s\S]*?)```/.exec(guide)![1]!) as { roaming: Roaming }
const { roaming } = section
const misfits = (schema: TSchema, value: unknown) =>
  [...Errors(schema, value)].map(({ instancePath, message }) => `${instancePath} ${message}`)

const site = {
  ...{ id: 'liyang-park', name: 'Liyang zero-carbon park', zone: 'Asia/Shanghai', currency: 'CNY' },
  location: { latitude: 31.4, longitude: 119.5, altitudeM: 8 },
  ...{ assets: [], source: { file: 'site.yaml', sha256: '' } },
  sections: {
    roaming,
    gateways: {
      chargers: {
        protocol: 'ocpp',
        stations: [
          { id: 'CP-1', evses: [{ id: 1 }, { id: 2 }] },
          { id: 'DC-1', evses: [{ id: 1 }] },
          { id: 'STAFF', evses: [{ id: 1 }] },
        ],
      },
    },
  },
} as unknown as Site

describe('objects of OCPI 2.2.1', () => {
  // As they stand in the modules of the specification (github.com/ocpi/ocpi, release 2.2.1), shortened.
  it.each<[string, TSchema, unknown]>([
    [
      'Credentials (7.2.1)',
      schemas.CredentialsSchema,
      {
        token: 'ebf3b399-779f-4497-9b9d-ac6ad3cc44d2',
        url: 'https://example.com/ocpi/versions/',
        roles: [{ role: 'CPO', party_id: 'EXA', country_code: 'NL', business_details: { name: 'Example Operator' } }],
      },
    ],
    [
      'Location (8.3.1.1)',
      schemas.LocationSchema,
      {
        ...{ country_code: 'BE', party_id: 'BEC', id: 'LOC1', publish: true, name: 'Gent Zuid' },
        ...{ address: 'F.Rooseveltlaan 3A', city: 'Gent', postal_code: '9000', country: 'BEL' },
        coordinates: { latitude: '51.047599', longitude: '3.729944' },
        parking_type: 'ON_STREET',
        evses: [
          {
            ...{ uid: '3256', evse_id: 'BE*BEC*E041503001', status: 'AVAILABLE', capabilities: ['RESERVABLE'] },
            connectors: [
              {
                ...{ id: '1', standard: 'IEC_62196_T2', format: 'CABLE', power_type: 'AC_3_PHASE' },
                ...{ max_voltage: 220, max_amperage: 16, tariff_ids: ['11'], last_updated: '2015-03-16T10:10:02Z' },
              },
            ],
            ...{ physical_reference: '1', floor_level: '-1', last_updated: '2015-06-28T08:12:01Z' },
          },
        ],
        operator: { name: 'BeCharged' },
        ...{ time_zone: 'Europe/Brussels', last_updated: '2015-06-29T20:39:09Z' },
      },
    ],
    [
      'Tariff (11.3.1)',
      schemas.TariffSchema,
      {
        ...{ country_code: 'DE', party_id: 'ALL', id: '12', currency: 'EUR' },
        elements: [
          { price_components: [{ type: 'TIME', price: 2, vat: 10, step_size: 300 }] },
          {
            price_components: [{ type: 'PARKING_TIME', price: 5, vat: 10, step_size: 300 }],
            restrictions: { start_time: '09:00', end_time: '18:00', day_of_week: ['MONDAY', 'FRIDAY'] },
          },
        ],
        last_updated: '2015-06-29T20:39:09Z',
      },
    ],
    [
      'Token (12.3.2)',
      schemas.TokenSchema,
      {
        ...{ country_code: 'DE', party_id: 'TNM', uid: '012345678', type: 'RFID', contract_id: 'DE8ACC12E46L89' },
        ...{ visual_number: 'DF000-2001-8999-1', issuer: 'TheNewMotion', group_id: 'DF000-2001-8999' },
        ...{ valid: true, whitelist: 'ALWAYS', last_updated: '2015-06-29T22:39:09Z' },
      },
    ],
  ])('%s passes', (_, schema, value) => {
    expect(misfits(schema, value)).toEqual([])
    const { [Object.keys(value as object)[0]!]: _gone, ...less } = value as Record<string, unknown>
    expect(misfits(schema, less)).not.toEqual([])
  })

  it('have times of UTC in whole seconds, and identifiers that fit', () => {
    expect(ocpiTime(1783310400123)).toBe('2026-07-06T04:00:00Z')
    expect(readOcpiTime('2026-07-06T04:00:00')).toBe(1783310400000)
    expect(readOcpiTime('2026-07-06')).toBeUndefined()
    expect(ocpiId('CP-1*1')).toBe('CP-1*1')
    const long = [ocpiId(`${'x'.repeat(40)}1`), ocpiId(`${'x'.repeat(40)}2`), ocpiId('桩')]
    for (const id of long) expect(id).toMatch(/^[!-~]{1,36}$/)
    expect(new Set(long).size).toBe(3)
  })

  it('say of every status of a connector what it is', () => {
    for (const status of connectorStatuses) expect(schemas.evseStatuses).toContain(statusWords[status])
  })
})

describe('the section roaming', () => {
  it('is in the guide as the schema takes it', () => {
    expect(misfits(RoamingSchema, roaming)).toEqual([])
    const points = { unitOf: () => undefined, isGone: () => false }
    expect(roamingSection.check!(roaming, site, points)).toEqual([])
    const wrong = { ...roaming, chargers: { 'CP-9': { ...Object.values(roaming.chargers)[0]!, tariff: 'none' } } }
    expect(roamingSection.check!(wrong, site, points).map(({ place }) => place?.path)).toEqual([
      'chargers.CP-9',
      'chargers.CP-9.tariff',
    ])
  })

  it('makes a location of the chargers that it names, and of no other', () => {
    const location = locationOf({
      ...{ site, roaming, changedMs: 1783310400000 },
      now: ({ stationId }) => ({ status: stationId === 'DC-1' ? 'CHARGING' : 'UNKNOWN', sinceMs: 1783310460000 }),
    })
    expect(misfits(schemas.LocationSchema, location)).toEqual([])
    expect(location.evses?.map(({ uid, status }) => [uid, status])).toEqual([
      ['CP-1*1', 'UNKNOWN'],
      ['CP-1*2', 'UNKNOWN'],
      ['DC-1*1', 'CHARGING'],
    ])
    expect(location).toMatchObject({ last_updated: '2026-07-06T04:01:00Z', coordinates: { latitude: '31.40000' } })
  })
})

const startMs = Date.parse('2026-07-06T20:00:00+08:00')
const cents = (amount: number) => Math.round(amount * 100)
const price = fc.integer({ min: 0, max: 400 }).map((hundredths) => hundredths / 100)
const clock = fc.integer({ min: 0, max: 23 }).map((hour) => `${String(hour).padStart(2, '0')}:30`)
const component = (kind: 'flat' | 'energy' | 'time' | 'parking') => price.map((one) => ({ kind, price: one }))
const element = fc.record(
  {
    components: fc.tuple(component('flat'), component('energy'), component('time'), component('parking')),
    when: fc.oneof(
      fc.tuple(clock, clock).map(([from, to]) => ({ from, to })),
      fc.integer({ min: 1, max: 20 }).map((maxKwh) => ({ maxKwh })),
      fc.subarray([0, 1, 2, 3, 4, 5, 6], { minLength: 1 }).map((daysOfWeek) => ({ daysOfWeek })),
    ),
  },
  { requiredKeys: ['components'] },
)
const tariffs = fc
  .record(
    {
      elements: fc.array(element, { minLength: 1, maxLength: 4 }),
      minimum: fc.integer({ min: 0, max: 5 }),
      taxShare: fc.constantFrom(0, 0.06, 0.13, 0.2),
    },
    { requiredKeys: ['elements'] },
  )
  .map((one): ChargingTariff => ({ id: 'drawn', currency: 'CNY', moneyUnit: 0.01, ...one }))
const sessions = fc
  .record({
    steps: fc.array(fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 30_000 })), { maxLength: 8 }),
    hasStart: fc.boolean(),
    isOver: fc.boolean(),
    falls: fc.boolean(),
    id: fc.stringMatching(/^[ -~]{1,45}$/),
  })
  .map(({ steps, hasStart, isOver, falls, id }): Transaction => {
    let [ms, wh] = [startMs, 1000]
    const registerWh = steps.map(([minutes, more]) => {
      ms += minutes * 60_000
      wh += more
      return { atMs: ms, wh }
    })
    if (falls && registerWh.length > 0) registerWh.push({ atMs: ms + 1000, wh: 0 })
    return {
      ...{ stationId: 'CP-1', transactionId: id, evseId: 1, connectorId: 1, idToken: 'card', startedMs: startMs },
      ...{ endedMs: isOver ? ms + 60_000 : undefined, startWh: hasStart ? 1000 : undefined, lastWh: wh },
      ...{ reason: undefined, inferred: false, unsure: false },
      ...{ chargingState: undefined, offline: false, remoteStartId: undefined },
      ...{ registerWh, seenSeqNos: new Set<number>() },
    }
  })

describe('what is told of a session', () => {
  const [evse] = roamingEvses(site, roaming)
  const token = { country_code: 'NL', party_id: 'TNM', uid: 'card', type: 'RFID', contract_id: 'NL-TNM-1' } as const

  it('passes the schemas, and the CDR is the bill to the cent, whatever the session and the tariff', () => {
    fc.assert(
      fc.property(tariffs, sessions, (tariff, transaction) => {
        const one = { ...{ site, roaming, evse: evse!, tariff, transaction, token }, changedMs: startMs }
        const session = sessionOf(one)
        expect(misfits(schemas.SessionSchema, session)).toEqual([])
        expect(misfits(schemas.TariffSchema, tariffOf(tariff, { country: 'CN', party: 'LYP', changedMs: 0 }))).toEqual(
          [],
        )
        const outcome = cdrOf(one)
        const billed = billSession(transaction, tariff, site.zone)
        if (outcome.kind === 'no-cdr' || billed.kind === 'no-bill') {
          expect(outcome).toEqual({ kind: 'no-cdr', reason: billed.kind === 'no-bill' ? billed.reason : '' })
          expect(session.status).not.toBe('COMPLETED')
          return
        }
        const { cdr } = outcome
        expect(misfits(schemas.CdrSchema, cdr)).toEqual([])
        expect(cdr.id).toBe(sessionId(transaction))
        expect(session).toMatchObject({ status: 'COMPLETED', total_cost: cdr.total_cost, kwh: cdr.total_energy })
        expect(cents(cdr.total_cost.excl_vat)).toBe(cents(billed.bill.net))
        expect(cents(cdr.total_cost.incl_vat!)).toBe(cents(billed.bill.gross))
        const parts = [cdr.total_fixed_cost, cdr.total_energy_cost, cdr.total_time_cost, cdr.total_parking_cost]
        expect(parts.reduce((sum, part) => sum + cents(part?.excl_vat ?? 0), 0)).toBe(cents(billed.bill.net))
        const volume = (...types: string[]) =>
          cdr.charging_periods
            .flatMap(({ dimensions }) => dimensions)
            .reduce((sum, { type, volume: more }) => sum + (types.includes(type) ? more : 0), 0)
        expect(volume('ENERGY')).toBeCloseTo(cdr.total_energy, 2)
        expect(volume('TIME', 'PARKING_TIME')).toBeCloseTo(cdr.total_time, 2)
        expect(cdr.total_time).toBeCloseTo((transaction.endedMs! - startMs) / 3_600_000, 3)
      }),
      { numRuns: 150 },
    )
  })

  it('has a period for each price', () => {
    const night = chargingTariff(site, roaming, Object.keys(roaming.tariffs)[0]!)!
    expect(night.elements.length).toBeGreaterThan(1)
    const transaction = {
      ...{ stationId: 'CP-1', transactionId: '7', startedMs: startMs, endedMs: startMs + 4 * 3_600_000, startWh: 0 },
      registerWh: [{ atMs: startMs + 4 * 3_600_000, wh: 40_000 }],
    } as unknown as Transaction
    const outcome = cdrOf({ ...{ site, roaming, evse: evse!, tariff: night, transaction, token }, changedMs: startMs })
    expect(outcome.kind === 'cdr' && outcome.cdr.charging_periods).toMatchObject([
      {
        start_date_time: '2026-07-06T12:00:00Z',
        dimensions: [
          { type: 'ENERGY', volume: 20 },
          { type: 'TIME', volume: 2 },
        ],
      },
      {
        start_date_time: '2026-07-06T14:00:00Z',
        dimensions: [
          { type: 'ENERGY', volume: 20 },
          { type: 'TIME', volume: 2 },
        ],
      },
    ])
  })
})
