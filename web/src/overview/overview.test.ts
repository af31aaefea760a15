import { describe, expect, it } from 'vitest'
import type { Alarm } from '../alarms/alarm.ts'
import type { PublishedPlan, Site, SiteSummary } from '../api/types.ts'
import { endOfDayMs, startOfDayMs } from './day.ts'
import { gridOf } from './map-grid.ts'
import { boundsOf, boundsWithCoast, mercator, type Place, withNames } from './map-view.ts'
import { dayOf, type KnownOfSite, shareOf, siteLineOf, worstFirst } from './site-line.ts'
import { sumLines } from './sums.ts'

const hourMs = 3_600_000
const at = (text: string): number => Date.parse(text)

describe('the day of a site', () => {
  it.each([
    ['Asia/Shanghai', '2026-07-06T10:20:30+08:00', '2026-07-06T00:00:00+08:00', '2026-07-07T00:00:00+08:00'],
    // Spain sets its clocks forward at 2 in the morning: a day of 23 hours; and back in October: one of 25.
    ['Europe/Madrid', '2026-03-29T12:00:00+02:00', '2026-03-29T00:00:00+01:00', '2026-03-30T00:00:00+02:00'],
    ['Europe/Madrid', '2026-10-25T12:00:00+01:00', '2026-10-25T00:00:00+02:00', '2026-10-26T00:00:00+01:00'],
  ])('in %s at %s begins and ends at its midnights', (zone, now, begin, end) => {
    expect(startOfDayMs(at(now), zone)).toBe(at(begin))
    expect(endOfDayMs(at(now), zone)).toBe(at(end))
  })
})

const summary: SiteSummary = {
  id: 'works',
  name: 'Works',
  location: { latitude: 31.4, longitude: 119.5, altitudeM: 8 },
  zone: 'UTC',
  currency: 'CNY',
  simulated: false,
}
const asset = (id: string, kind: string) => ({ id, kind, title: id, fields: {}, points: [] })
const site = {
  ...summary,
  sections: {},
  assets: [asset('grid', 'grid'), asset('hall', 'load'), asset('roof', 'pv')],
} as Site
const nowMs = at('2026-07-06T06:30:00Z')

const value = (amount: number) => ({ value: amount, unit: 'kW', quality: 'good', timestampMs: nowMs - 5000 })
const now = {
  timestampMs: nowMs - 5000,
  points: {
    'grid.powerKw': value(60),
    'hall.powerKw': value(100),
    'roof.powerKw': value(40),
    'grid.importPrice': value(0.5),
    'grid.exportPrice': value(0.3),
    'grid.carbonIntensity': value(0.6),
  },
}
/** Quarters of an hour from 06:00 on, all alike. */
const history = Object.fromEntries(
  Object.entries(now.points).map(([ref, own]) => [
    ref,
    {
      unit: own.unit,
      timestampsMs: [at('2026-07-06T06:00:00Z'), at('2026-07-06T06:15:00Z')],
      values: [own.value, own.value],
      quality: ['good', 'good'],
    },
  ]),
)
/** Quarters of an hour from 06:30 to midnight and beyond, all alike. */
const plan = {
  startMs: at('2026-07-06T06:30:00Z'),
  stepMinutes: 15,
  publishedMs: nowMs - 60_000,
  series: Object.fromEntries(Object.entries(now.points).map(([ref, own]) => [ref, Array(96).fill(own.value)])),
} as unknown as PublishedPlan

const known: KnownOfSite = { summary, site, now, plan, history, alarms: [], mode: 'plan', failed: false }
const alarm = (priority: Alarm['priority'], state: Alarm['state'], condition = true) =>
  ({ id: `${priority}${state}`, priority, state, condition }) as Alarm

describe('the line of a site', () => {
  it('tells use, own production, the share of this hour, and the day as it was and as it is planned', () => {
    const line = siteLineOf(known, nowMs)
    expect([line.useKw, line.ownKw, shareOf(line)]).toEqual([100, 40, 0.4])
    // 60 kW at 0.5 and 0.6 kg: half an hour so far, 17.5 hours to midnight.
    expect(line.cost).toEqual({ soFar: expect.closeTo(15, 9), rest: expect.closeTo(525, 9) })
    expect(dayOf(line.carbonKg)).toBeCloseTo(36 * 18, 9)
    expect([line.word, line.tone, line.ageMs]).toEqual(['plan', 'good', 5000])
  })

  it.each<[string, Partial<KnownOfSite>, string, string]>([
    ['a grave alarm', { alarms: [alarm('high', 'unacknowledged')] }, 'alarms', 'alarm'],
    ['an alarm of low priority', { alarms: [alarm('low', 'acknowledged')] }, 'watch', 'advisory'],
    ['a shelved alarm', { alarms: [alarm('critical', 'shelved')] }, 'plan', 'good'],
    ['old values', { now: { ...now, timestampMs: nowMs - hourMs } }, 'stale', 'stale'],
    ['a fallback', { mode: 'fallback' }, 'fallback', 'warning'],
    ['a hold', { mode: 'hold' }, 'hold', 'manual'],
    ['no plan', { plan: null }, 'noPlan', 'advisory'],
    ['no answer', { now: undefined, failed: true }, 'unreached', 'stale'],
    ['nothing yet', { now: undefined }, 'unknown', 'stale'],
  ])('says %s', (_, change, word, tone) => {
    expect(siteLineOf({ ...known, ...change }, nowMs)).toMatchObject({ word, tone })
  })

  it('leaves unknown what is not known, and counts nothing in its place', () => {
    const { 'roof.powerKw': _, ...points } = now.points
    const line = siteLineOf({ ...known, now: { ...now, points }, history: undefined, plan: null }, nowMs)
    expect([line.useKw, shareOf(line), line.cost.soFar, dayOf(line.carbonKg)]).toEqual(Array(4).fill(undefined))
  })
})

describe('the order of sites', () => {
  it('has the worst on top, and waits until all are known', () => {
    const one = siteLineOf(known, nowMs)
    const lines = [
      { ...one, id: 'good', tone: 'good' as const },
      { ...one, id: 'bad', tone: 'alarm' as const },
    ]
    expect(worstFirst(lines).map(({ id }) => id)).toEqual(['bad', 'good'])
    expect(worstFirst([...lines, { ...one, word: 'unknown' as const }])[0]?.id).toBe('good')
  })
})

describe('sums', () => {
  it('say of how many sites they are, and add no currencies', () => {
    const one = siteLineOf(known, nowMs)
    const sums = sumLines([one, { ...one, id: 'b', currency: 'EUR' }, { ...one, id: 'c', useKw: undefined }])
    expect(sums.useKw).toEqual({ value: 200, of: 2 })
    expect(sums.cost.map(({ currency, of }) => [currency, of])).toEqual([
      ['CNY', 2],
      ['EUR', 1],
    ])
    expect(sums.renewableShare.value).toBeCloseTo(0.4, 12)
    expect(sumLines([]).useKw).toEqual({ value: undefined, of: 0 })
  })
})

describe('the map', () => {
  it('shows the region of one site, and the world without any', () => {
    const bounds = boundsOf([{ latitude: 31.4, longitude: 119.5 }])
    expect([bounds.east - bounds.west, bounds.north - bounds.south]).toEqual([8, 8])
    expect(boundsOf([]).east).toBe(170)
    expect(boundsOf([{ latitude: 89, longitude: 179 }])).toMatchObject({ north: 80, east: 180 })
  })

  it('reaches to the nearest coast, where none is in sight', () => {
    const denver = { latitude: 39.7, longitude: -105 }
    const far = { latitude: 31.5, longitude: -114 }
    expect(boundsWithCoast([denver], () => far)).toMatchObject({ west: -118, south: 27.5 })
    expect(boundsWithCoast([denver], () => ({ latitude: 40, longitude: -106 }))).toEqual(boundsOf([denver]))
    expect(boundsWithCoast([], () => far)).toEqual(boundsOf([]))
  })

  it('has lines far enough apart to read, and a scale that the projection stretches', () => {
    const toPx = (place: Place): readonly [number, number] => {
      const [x, y] = mercator(place)
      return [x * 3600, y * 3600 - 300]
    }
    const { lines, metresPerPx } = gridOf(toPx, 1000, 600)
    expect(lines.filter(({ along }) => along === 'longitude').map(({ degrees }) => degrees)).toEqual([
      -180, -170, -160, -150, -140, -130, -120, -110, -100, -90, -80,
    ])
    const middle = 2 * Math.atan(Math.exp(((1800 - 600) / 3600) * 2 * Math.PI)) - Math.PI / 2
    expect(metresPerPx).toBeCloseTo((111_195 / 10) * Math.cos(middle), 3)
  })

  it('projects as web maps do (EPSG:3857)', () => {
    expect(mercator({ latitude: 0, longitude: 0 })).toEqual([0.5, 0.5])
    expect(mercator({ latitude: 85.051129, longitude: 180 })[1]).toBeCloseTo(0, 4)
  })

  it('names no mark over another', () => {
    const marks = [
      { id: 'a', xPx: 100, yPx: 100, name: 'Works' },
      { id: 'b', xPx: 120, yPx: 104, name: 'Mill' },
      { id: 'c', xPx: 100, yPx: 300, name: 'Port' },
    ]
    expect([...withNames(marks)]).toEqual(['b', 'c'])
  })
})
