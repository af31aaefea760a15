import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PlacedProfile, ProfilePurpose, RateUnit } from './charging-profile.ts'
import { type CompositeQuery, compositeSchedule, type StationFrame } from './composite-schedule.ts'
import { readProfileV16, readProfileV201 } from './read-profile.ts'
import { periodAt } from './schedule-at.ts'

interface ExpectedQuery {
  readonly start: string
  readonly end: string
  readonly connectorId?: number
  readonly evseId?: number
  readonly unit: RateUnit
  readonly simulateTransactionActive: boolean
  readonly transaction?: { readonly evseId: number; readonly start?: string }
  readonly transactionOnConnector1Since?: string
  readonly periods: readonly { readonly startPeriod: number; readonly limit: number; readonly numberPhases?: number }[]
  readonly duration: number
}
interface ExpectedCase {
  readonly ocpp: '1.6' | '2.0.1'
  readonly name: string
  readonly evses: number
  readonly profiles: readonly {
    readonly file?: string
    readonly as?: string
    readonly connectorId?: number
    readonly path?: string
    readonly evseId?: number
  }[]
  readonly transactionActive?: boolean
  readonly queries: readonly ExpectedQuery[]
}
interface ExpectedFile {
  readonly defaultLimit: Readonly<Record<string, Record<RateUnit, number>>>
  readonly supplyVoltageV: number
  readonly defaultNumberPhases: number
  readonly tests: readonly ExpectedCase[]
}

const folder = join(import.meta.dirname, '../../../../../shared/data/transport/ocpp/everest-libocpp')
const file = join(folder, 'expected_composite_schedules.json')
const present = existsSync(file)
const cases: ExpectedFile = present
  ? (JSON.parse(readFileSync(file, 'utf8')) as ExpectedFile)
  : { defaultLimit: {}, supplyVoltageV: 230, defaultNumberPhases: 3, tests: [] }

const readJson = (path: string) => JSON.parse(readFileSync(path, 'utf8'))

function profilesOf({ ocpp, profiles }: ExpectedCase): PlacedProfile[] {
  return profiles.flatMap((told) => {
    if (ocpp === '1.6') {
      const wire = { ...readJson(join(folder, told.file!)), chargingProfilePurpose: told.as }
      return [{ evseId: told.connectorId!, profile: readProfileV16(wire) }]
    }
    const path = join(folder, told.path!)
    const files = statSync(path).isDirectory()
      ? readdirSync(path)
          .filter((name) => name.endsWith('.json'))
          .map((name) => join(path, name))
      : [path]
    return files.map((one) => ({ evseId: told.evseId!, profile: readProfileV201(readJson(one)) }))
  })
}

function queryOf(told: ExpectedQuery): CompositeQuery {
  const transaction = told.transactionOnConnector1Since
    ? { evseId: 1, start: told.transactionOnConnector1Since }
    : told.transaction
  return {
    startMs: Date.parse(told.start),
    endMs: Date.parse(told.end),
    evseId: told.connectorId ?? told.evseId!,
    unit: told.unit,
    assumeTransaction: told.simulateTransactionActive,
    transactions: transaction
      ? [{ evseId: transaction.evseId, ...(transaction.start ? { startMs: Date.parse(transaction.start) } : {}) }]
      : [],
  }
}

describe.skipIf(!present)('composite schedules of EVerest libocpp (skipped where ../shared is absent)', () => {
  it('are 51 cases with 61 queries', () => {
    expect(cases.tests.length).toBe(51)
    expect(cases.tests.reduce((sum, { queries }) => sum + queries.length, 0)).toBe(61)
  })

  it.each(cases.tests.map((one) => [`${one.ocpp} ${one.name}`, one] as const))('%s', (_, one) => {
    const station: StationFrame = {
      evseIds: Array.from({ length: one.evses }, (_unused, index) => index + 1),
      voltageV: cases.supplyVoltageV,
      phases: cases.defaultNumberPhases,
      defaultLimit: cases.defaultLimit[one.ocpp]!,
    }
    const profiles = profilesOf(one)
    for (const told of one.queries) {
      const { periods, durationS } = compositeSchedule(station, profiles, queryOf(told))
      expect(durationS).toBe(told.duration)
      expect(
        periods.map(({ startS, limit, phases }, index) => ({
          startPeriod: startS,
          limit: Math.round(limit * 1e6) / 1e6,
          ...(told.periods[index]?.numberPhases === undefined ? {} : { numberPhases: phases }),
        })),
      ).toEqual(
        told.periods.map(({ startPeriod, limit, numberPhases }) => ({
          startPeriod,
          limit,
          ...(numberPhases === undefined || numberPhases === null ? {} : { numberPhases }),
        })),
      )
    }
  })
})

const station: StationFrame = { evseIds: [1, 2], voltageV: 230, phases: 3, defaultLimit: { A: 32, W: 22_080 } }
const noonMs = Date.UTC(2026, 6, 6, 12)

const drawnProfile = (id: number): fc.Arbitrary<PlacedProfile> =>
  fc
    .record({
      evseId: fc.constantFrom(0, 1, 2),
      stackLevel: fc.integer({ min: 0, max: 3 }),
      purpose: fc.constantFrom<ProfilePurpose>('station-max', 'external', 'tx-default', 'tx'),
      kind: fc.constantFrom('absolute' as const, 'recurring' as const, 'relative' as const),
      unit: fc.constantFrom<RateUnit>('A', 'W'),
      startMs: fc.integer({ min: -7_200_000, max: 7_200_000 }).map((ms) => noonMs + ms),
      durationS: fc.option(fc.integer({ min: 1, max: 90_000 }), { nil: undefined }),
      periods: fc.uniqueArray(
        fc.record({
          startS: fc.integer({ min: 0, max: 20_000 }),
          limit: fc.integer({ min: 0, max: 40 }),
          phases: fc.constantFrom(undefined, 1, 3),
        }),
        { minLength: 1, maxLength: 5, selector: ({ startS }) => startS },
      ),
    })
    .map(({ evseId, stackLevel, purpose, kind, unit, startMs, durationS, periods }) => ({
      evseId: purpose === 'station-max' || purpose === 'external' ? 0 : purpose === 'tx' ? Math.max(1, evseId) : evseId,
      profile: {
        id,
        stackLevel,
        purpose,
        kind,
        ...(kind === 'recurring' ? { recurrence: 'daily' as const } : {}),
        schedules: [
          {
            unit,
            startMs,
            ...(durationS === undefined ? {} : { durationS }),
            periods: periods
              .toSorted((a, b) => a.startS - b.startS)
              .map(({ startS, limit, phases }, index) => ({
                startS: index === 0 ? 0 : startS,
                limit: unit === 'W' ? limit * 500 : limit,
                ...(phases === undefined ? {} : { phases }),
              })),
          },
        ],
      },
    }))
const drawnProfiles = fc
  .integer({ min: 0, max: 6 })
  .chain((count) => fc.tuple(...Array.from({ length: count }, (_, id) => drawnProfile(id))))

describe('a composite schedule', () => {
  it('covers its window in rising periods that differ from their neighbours', () => {
    fc.assert(
      fc.property(
        drawnProfiles,
        fc.constantFrom(0, 1, 2),
        fc.constantFrom<RateUnit>('A', 'W'),
        (profiles, evseId, unit) => {
          const query = {
            startMs: noonMs,
            endMs: noonMs + 36e5,
            evseId,
            unit,
            transactions: [{ evseId: 1 }],
            assumeTransaction: true,
          }
          const { periods } = compositeSchedule(station, profiles, query)
          expect(periods[0]?.startS).toBe(0)
          for (const [index, one] of periods.entries()) {
            expect(Number.isFinite(one.limit) && one.limit >= 0).toBe(true)
            const next = periods[index + 1]
            if (next) expect(next.startS).toBeGreaterThan(one.startS)
            if (next) expect([next.limit, next.phases]).not.toEqual([one.limit, one.phases])
          }
        },
      ),
    )
  })

  it('is at no moment above what the strongest profile of any purpose allows', () => {
    fc.assert(
      fc.property(
        drawnProfiles,
        fc.constantFrom(1, 2),
        fc.constantFrom<RateUnit>('A', 'W'),
        fc.integer({ min: 0, max: 3_599_999 }),
        (profiles, evseId, unit, afterMs) => {
          const query = {
            startMs: noonMs,
            endMs: noonMs + 36e5,
            evseId,
            unit,
            transactions: [{ evseId: 1, startMs: noonMs - 6e5 }],
            assumeTransaction: true,
          }
          const { periods } = compositeSchedule(station, profiles, query)
          const now = periods.findLast(({ startS }) => startS * 1000 <= afterMs)!
          const relativeMs = evseId === 1 ? noonMs - 6e5 : noonMs
          for (const purpose of ['station-max', 'external', 'tx'] as const) {
            const saying = profiles
              .filter((one) => one.profile.purpose === purpose && one.evseId === (purpose === 'tx' ? evseId : 0))
              .map((one) => ({
                level: one.profile.stackLevel,
                unit: one.profile.schedules[0]!.unit,
                found: periodAt(one.profile, noonMs + afterMs, purpose === 'tx' ? relativeMs : noonMs),
              }))
              .filter(({ found }) => found !== undefined)
            const top = Math.max(...saying.map(({ level }) => level))
            // Of several on one level the last one counts; each of them bounds from above at most.
            const limits = saying
              .filter(({ level }) => level === top)
              .map(({ unit: from, found }) => {
                const phases = found!.phases ?? 3
                if (from === unit) return found!.limit
                return unit === 'W' ? found!.limit * 230 * phases : found!.limit / (230 * now.phases)
              })
            if (limits.length > 0) expect(now.limit).toBeLessThanOrEqual(Math.max(...limits) + 1e-9)
          }
        },
      ),
    )
  })

  it('keeps a setpoint of OCPP 2.1 inside the limits', () => {
    const profile = readProfileV201({
      id: 1,
      stackLevel: 0,
      chargingProfilePurpose: 'TxProfile',
      chargingProfileKind: 'Relative',
      chargingSchedule: [
        {
          id: 1,
          chargingRateUnit: 'W',
          chargingSchedulePeriod: [
            { startPeriod: 0, setpoint: 9000, limit: 7000 },
            { startPeriod: 60, setpoint: -9000, limit: 7000, dischargeLimit: -4000 },
          ],
        },
      ],
    })
    const query = {
      startMs: noonMs,
      endMs: noonMs + 120_000,
      evseId: 1,
      unit: 'W' as const,
      transactions: [{ evseId: 1 }],
      assumeTransaction: false,
    }
    const { periods } = compositeSchedule(station, [{ evseId: 1, profile }], query)
    expect(periods.map(({ startS, setpoint }) => [startS, setpoint])).toEqual([
      [0, 7000],
      [60, -4000],
    ])
  })

  it.each([
    ['no period', { chargingSchedulePeriod: [] }],
    ['a late first period', { chargingSchedulePeriod: [{ startPeriod: 5, limit: 1 }] }],
    [
      'periods that go back',
      {
        chargingSchedulePeriod: [
          { startPeriod: 0, limit: 1 },
          { startPeriod: 0, limit: 2 },
        ],
      },
    ],
    ['no unit', { chargingRateUnit: undefined }],
    ['a limit below zero', { chargingSchedulePeriod: [{ startPeriod: 0, limit: -1 }] }],
  ])('is not made of a profile with %s', (_, change) => {
    const schedule = { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 6 }], ...change }
    expect(() =>
      readProfileV16({
        chargingProfileId: 1,
        stackLevel: 0,
        chargingProfilePurpose: 'TxProfile',
        chargingProfileKind: 'Relative',
        chargingSchedule: schedule as never,
      }),
    ).toThrow('ocpp.bad-profile')
  })
})
