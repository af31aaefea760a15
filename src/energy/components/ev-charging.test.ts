import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatIso, localDayGrid, parseInstant } from '../../kernel/index.ts'
import { createInlineSolver } from '../../solve/index.ts'
import { hourly, planTestPark, quarterHourly, testSite } from '../park.fixture.ts'
import { breachesOf } from '../plan-breaches.fixture.ts'
import type { EvChargingAsset } from '../schema/index.ts'
import { evCharging } from './ev-charging.ts'
import { presentIn, share } from './ev-sharing.ts'
import { type Stay, staysOnGrid } from './ev-stays.ts'

const hourMs = 3_600_000
const session = { id: 'a', arrival: '18:00', departure: '02:30', energyKwh: 20, maxKw: 11 }
const charging = (over: Partial<typeof session>) => ({
  kind: 'ev-charging',
  feederLimitKw: 50,
  sessions: [{ ...session, ...over }],
})

/** The stays of one session over whole local days from `at`, as local clock times. */
function stays(at: string, zone: string, hours: number, over: Partial<typeof session> = {}) {
  const grid = { startMs: parseInstant(at, zone), stepMs: hourMs / 4, count: hours * 4 }
  const site = testSite({ assets: { ev: charging(over) }, grid, zone })
  const found = staysOnGrid(site.assets[0] as unknown as EvChargingAsset, { site, grid })
  return found.map(({ from, departureMs }) => [
    formatIso(grid.startMs + from * grid.stepMs, zone).slice(5, 16),
    formatIso(departureMs, zone).slice(5, 16),
  ])
}

describe('daily charging sessions', () => {
  it('come once a day when spring makes a day of 23 hours', () => {
    // From a late evening on: adding 24 hours would leap over Sunday 29 March.
    expect(stays('2026-03-27T23:45', 'Europe/Madrid', 48)).toEqual([
      ['03-27T23:45', '03-28T02:30'],
      ['03-28T18:00', '03-29T03:30'],
      ['03-29T18:00', '03-30T02:30'],
    ])
  })

  it('come once a day when autumn makes a day of 25 hours, and leave after they arrive', () => {
    expect(stays('2026-10-25T00:00', 'Europe/Madrid', 25)).toEqual([
      ['10-25T00:00', '10-25T02:30'],
      ['10-25T18:00', '10-26T02:30'],
    ])
  })

  it('arrive as much later as the clock jumps', () => {
    expect(stays('2026-03-29T00:00', 'Europe/Madrid', 23, { arrival: '02:30', departure: '07:00' })).toEqual([
      ['03-29T03:30', '03-29T07:00'],
    ])
  })

  it('keep their length when the clock jumps over them', () => {
    expect(stays('2026-03-29T00:00', 'Europe/Madrid', 23, { arrival: '02:30', departure: '03:00' })).toEqual([
      ['03-29T03:30', '03-29T04:00'],
    ])
  })

  it.each([
    ['Europe/Madrid', 2026, 3, 29],
    ['Europe/Madrid', 2026, 10, 25],
    ['America/Santiago', 2026, 4, 4],
    ['America/Santiago', 2026, 9, 6],
    ['Australia/Lord_Howe', 2026, 10, 4],
  ])('are planned in %s on %i-%i-%i', async (zone, year, month, day) => {
    const { solved, relaxed } = await planTestPark({
      grid: localDayGrid(year, month, day, zone, hourMs / 4),
      zone,
      assets: {
        grid: { kind: 'grid', importLimitKw: 100 },
        ev: charging({}),
        night: charging({ arrival: '02:15', departure: '07:00' }),
      },
    })
    expect(solved.certificate.ok).toBe(true)
    expect(relaxed).toEqual([])
  })
})

describe('what a session may say', () => {
  const problemsOf = (over: Partial<typeof session>) => {
    const grid = { startMs: 0, stepMs: hourMs, count: 24 }
    const site = testSite({ assets: { ev: charging(over) }, grid })
    return (evCharging.check?.(site.assets[0] as never, site) ?? []).map(({ place, found }) => [place?.path, found])
  }

  it.each([
    [{ arrival: '25:45' }, [['sessions.0.arrival', '25:45']]],
    [
      { arrival: '9:00', departure: 'noon' },
      [
        ['sessions.0.arrival', '9:00'],
        ['sessions.0.departure', 'noon'],
      ],
    ],
    [{ arrival: '2026-07-06T18:00' }, [['sessions.0.departure', '02:30']]],
    [{ arrival: '2026-07-06T18:00', departure: '2026-07-06T08:00' }, [['sessions.0.departure', '2026-07-06T08:00']]],
    [{}, []],
  ])('%j', (over, expected) => {
    expect(problemsOf(over)).toEqual(expected)
  })
})

const at = (hour: number): string => new Date(Date.UTC(2026, 6, 6) + hour * hourMs).toISOString()

describe('a vehicle that gives back', () => {
  const park = (over: object, more: object = {}) => ({
    grid: hourly(3),
    tariff: { import: { spot: [1, 5, 1] } },
    assets: {
      grid: { kind: 'grid', importLimitKw: 100 },
      load: { kind: 'load', demand: 10 },
      ev: {
        kind: 'ev-charging',
        feederLimitKw: 50,
        efficiency: 0.9,
        sessions: [
          {
            ...{ id: 'a', arrival: at(0), departure: at(3), energyKwh: 0, maxKw: 20 },
            ...{ v2gKw: 10, batteryKwh: 40, arrivalKwh: 20, v2gWearPerKwh: 0.5, ...over },
          },
        ],
        ...more,
      },
    },
  })

  it('serves the dear hour and is filled again in a cheap one, by hand', async () => {
    // 10 kW given for an hour take 10 / 0.9 out of it, and 10 / 0.81 draw that in again: 12.346 kWh at 1, wear 5.
    const plan = await planTestPark(park({}))
    expect(plan.point('ev', 'powerKw')[1]).toBeCloseTo(-10, 3)
    expect(plan.point('ev', 'givenKw')).toEqual([0, 10, 0])
    expect(plan.solved.solution.objective).toBeCloseTo(10 + 10 + 10 / 0.81 + 5, 3)
    expect(plan.outcomes.get('ev')?.cost.wear).toBeCloseTo(5, 6)
    expect(breachesOf(plan)).toEqual([])
  })

  it.each([
    ['keeps its floor', { minKwh: 15, arrivalKwh: 20, energyKwh: 0, maxKw: 1e-6, departure: at(2) }, 5 * 0.9],
    ['stays where wear costs more than it earns', { v2gWearPerKwh: 4 }, 0],
    ['gives no more than its charger can', { v2gKw: 3 }, 3],
  ])('%s', async (_, over, givenKwh) => {
    const plan = await planTestPark(park(over))
    // What the first case gives it cannot get again, so that it leaves short by choice of a wish: never.
    const given = plan.point('ev', 'givenKw').reduce((sum, kw) => sum + kw, 0)
    expect(given).toBeLessThanOrEqual(givenKwh + 1e-3)
    if (!('minKwh' in over)) expect(given).toBeCloseTo(givenKwh, 3)
    expect(plan.relaxed).toEqual([])
    expect(breachesOf(plan)).toEqual([])
  })

  it.each([
    [{ v2gKw: 5, batteryKwh: undefined }, 'sessions.0.v2gKw'],
    [{ minKw: 30 }, 'sessions.0.minKw'],
    [{ energyKwh: 30 }, 'sessions.0.energyKwh'],
    [{ minKwh: 50 }, 'sessions.0.minKwh'],
  ])('is refused with %j', (over, path) => {
    const site = testSite(park(over))
    expect(evCharging.check?.(site.assets[2] as never, site).map(({ place }) => place?.path)).toEqual([path])
  })
})

describe('a vehicle with a least charging power', () => {
  it('charges at 6 A or more, or not', async () => {
    const plan = await planTestPark({
      grid: quarterHourly(8),
      tariff: { import: { spot: [1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7] } },
      limits: { importKw: 3 },
      assets: {
        grid: { kind: 'grid', importLimitKw: 3 },
        pv: { kind: 'pv', capacityKwp: 10, production: [0, 0, 4, 4, 0, 0, 0, 0] },
        ev: {
          kind: 'ev-charging',
          feederLimitKw: 50,
          efficiency: 1,
          sessions: [{ id: 'a', arrival: at(0), departure: at(2), energyKwh: 3, maxKw: 11, minKw: 4.14 }],
        },
      },
    })
    const powers = plan.point('ev', 'powerKw')
    // 3 kW from the grid are less than the least: it waits for the sun.
    expect(powers.filter((kw) => kw > 0).every((kw) => kw >= 4.14 - 1e-3)).toBe(true)
    expect(powers.filter((kw) => kw > 0)).toHaveLength(2)
    expect(breachesOf(plan)).toEqual([])
  })
})

describe('sharing a power among vehicles', () => {
  const vehicle = fc.record({
    steps: fc.integer({ min: 1, max: 12 }),
    energyKwh: fc.integer({ min: 0, max: 40 }),
    maxKw: fc.integer({ min: 1, max: 30 }),
  })

  // Under a power that changes no rule that does not know the future can: see the README.
  it('meets every need that some sharing of a steady power among those that came together meets', async () => {
    const solver = await createInlineSolver()
    await fc.assert(
      fc.asyncProperty(
        fc.array(vehicle, { minLength: 1, maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 12, maxLength: 12 }),
        fc.integer({ min: 5, max: 80 }),
        async (vehicles, spot, feederLimitKw) => {
          const grid = quarterHourly(12)
          const plan = await planTestPark(
            {
              grid,
              tariff: { import: { spot } },
              assets: {
                grid: { kind: 'grid', importLimitKw: 1000 },
                ev: {
                  kind: 'ev-charging',
                  feederLimitKw,
                  sessions: vehicles.map(({ steps, energyKwh, maxKw }, index) => ({
                    ...{ id: `v${index}`, arrival: at(0), departure: at(steps / 4), maxKw },
                    energyKwh: Math.min(energyKwh, (steps / 4) * maxKw * 0.93),
                  })),
                },
              },
            },
            { solver },
          )
          const asset = plan.frame.site.assets[1] as unknown as EvChargingAsset
          const stays = staysOnGrid(asset, plan.frame)
          let state = { chargedKwh: {} as Readonly<Record<string, number>> }
          spot.forEach((_, k) => {
            const present = presentIn(stays, k)
            const timestampMs = grid.startMs + k * grid.stepMs
            const shared = share(state, { asset, present, wantedKw: feederLimitKw, timestampMs, stepHours: 0.25 })
            expect(shared.powerKw).toBeLessThanOrEqual(feederLimitKw + 1e-6)
            state = { chargedKwh: { ...state.chargedKwh, ...shared.state.chargedKwh } }
          })
          const lacked = (stay: Stay): number =>
            stay.energyKwh - (state.chargedKwh[`${stay.id}@${stay.arrivalMs}`] ?? 0)
          // Where not all can be met, who goes without is another question.
          if (plan.relaxed.length > 0) return
          for (const stay of stays) expect(lacked(stay)).toBeLessThan(0.011)
        },
      ),
      { numRuns: 100, seed: 7 },
    )
  })

  it('gives least power or none, to those with the least time to spare', () => {
    const asset = { feederLimitKw: 100, efficiency: 1, sessions: [] } as unknown as EvChargingAsset
    const of = (key: string, departureMs: number) => ({
      ...{ key, departureMs, maxKw: 11, minKw: 4, v2gKw: 0, energyKwh: 5, beforeKwh: 0, givableKwh: 0 },
    })
    const present = [of('late', 4 * hourMs), of('soon', hourMs)]
    const shared = share({ chargedKwh: {} }, { asset, present, wantedKw: 6, timestampMs: 0, stepHours: 0.25 })
    expect(shared.ownKw).toEqual({ late: 0, soon: expect.closeTo(6, 6) })
  })

  it('takes what is given back from those with the most time, and never what they cannot get again', () => {
    const asset = { feederLimitKw: 100, efficiency: 1, sessions: [] } as unknown as EvChargingAsset
    const of = (key: string, departureMs: number) => ({
      ...{ key, departureMs, maxKw: 10, minKw: 0, v2gKw: 10, energyKwh: 0, beforeKwh: 0, givableKwh: 20 },
    })
    const present = [of('leaving', 0.5 * hourMs), of('staying', 8 * hourMs)]
    const shared = share({ chargedKwh: {} }, { asset, present, wantedKw: -15, timestampMs: 0, stepHours: 0.5 })
    expect(shared.ownKw).toEqual({ leaving: expect.closeTo(0, 6), staying: expect.closeTo(-10, 6) })
    expect(shared.state.chargedKwh.staying).toBeCloseTo(-5, 6)
  })
})
