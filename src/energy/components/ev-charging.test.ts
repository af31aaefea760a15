import { describe, expect, it } from 'vitest'
import { formatIso, localDayGrid, parseInstant } from '../../kernel/index.ts'
import { planTestPark, testSite } from '../park.fixture.ts'
import type { EvChargingAsset } from '../schema/index.ts'
import { evCharging, staysOnGrid } from './ev-charging.ts'

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
