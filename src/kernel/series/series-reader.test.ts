import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MangroveError } from '../errors.ts'
import type { Site } from '../site/model.ts'
import type { FileSource, SeriesSource } from '../site/series-source.ts'
import { localDayGrid } from '../time/zone.ts'
import { quality } from './quality.ts'
import { createSeriesReader } from './series-reader.ts'

const site: Site = {
  id: 'park',
  name: 'Park',
  location: { latitude: 0, longitude: 0, altitudeM: 0 },
  zone: 'Asia/Shanghai',
  currency: 'CNY',
  assets: [],
  sections: {},
  source: { file: 'park.site.yaml', sha256: '' },
}
const hour = 3_600_000
const day = localDayGrid(2026, 7, 6, 'Asia/Shanghai', hour)

const readIn = (zone: string, files: Readonly<Record<string, string>> = {}) => {
  const read = createSeriesReader({ readText: async (_, file) => files[file] ?? '' })
  return (source: SeriesSource, grid = day, unit = 'kW') =>
    read({ ...site, zone }, { source, grid, unit, path: 'assets.x.demand' })
}
const csv = (over: Partial<FileSource> = {}): FileSource => ({
  file: 'f.csv',
  column: 'P',
  unit: 'kW',
  time: { column: 't' },
  ...over,
})
const readCsv = (text: string, over: Partial<FileSource> = {}, grid = day, unit = 'kW', zone = 'Asia/Shanghai') =>
  readIn(zone, { 'f.csv': text })(csv(over), grid, unit)
const two = (value: number): string => String(value).padStart(2, '0')
const problemsOf = (text: string, over: Partial<FileSource> = {}, zone = 'Asia/Shanghai') =>
  readCsv(text, over, day, 'kW', zone).then(
    () => [],
    (error: MangroveError) => error.problems.map(({ code, place }) => [code, place?.file, place?.line]),
  )

describe('constants, profiles and values', () => {
  it('repeats a daily profile by the local clock, the spring day of 23 hours too', async () => {
    const profile = Array.from({ length: 24 }, (_, k) => k)
    const spring = localDayGrid(2026, 3, 29, 'Europe/Madrid', hour)
    const { values } = await readIn('Europe/Madrid')(profile, spring)
    expect([...values]).toEqual(profile.filter((k) => k !== 2))
  })

  it('takes the mean of a profile over longer steps and holds it over shorter ones', async () => {
    const read = readIn('Asia/Shanghai')
    expect((await read([0, 24], { ...day, stepMs: 6 * hour, count: 4 })).values).toEqual(Float64Array.of(0, 0, 24, 24))
    expect((await read([1, 2, 3, 4], { ...day, stepMs: 12 * hour, count: 2 })).values).toEqual(
      Float64Array.of(1.5, 3.5),
    )
  })

  it('keeps gaps of inline values and what lies outside them missing', async () => {
    const { values, quality: marks } = await readIn('Asia/Shanghai')(
      { values: [5, null, 7], start: '2026-07-06T01:00', step: '1h', unit: 'MW' },
      { ...day, count: 5 },
    )
    expect([...values]).toEqual([Number.NaN, 5000, Number.NaN, 7000, Number.NaN])
    expect([...marks]).toEqual([quality.missing, quality.good, quality.missing, quality.good, quality.missing])
  })
})

describe('CSV files as they are exported', () => {
  it('turns kWh a step into kW', async () => {
    const rows = Array.from({ length: 96 }, (_, k) => `2026-07-06 ${two(Math.floor(k / 4))}:${two((k % 4) * 15)},10`)
    const { values } = await readCsv(`t,E\n${rows.join('\n')}\n`, { column: 'E', unit: 'kWh', per: 'step' })
    expect([...values]).toEqual(Array(24).fill(40))
  })

  it('reads stamps at the end of the step, midnight written on the day that ends', async () => {
    const rows = Array.from({ length: 24 }, (_, k) => `06/07/2026 ${two((k + 1) % 24)}:00,${k}`)
    const time = { column: 't', format: 'DD/MM/YYYY HH:mm', label: 'end' } as const
    const { values } = await readCsv(`t,P\n${rows.join('\n')}\n`, { time })
    expect([...values]).toEqual(Array.from({ length: 24 }, (_, k) => k))
  })

  it('reads semicolons, decimal commas, a byte-order mark and a file from new to old', async () => {
    const rows = Array.from({ length: 24 }, (_, k) => `2026-07-06T${two(23 - k)}:00;${23 - k},5`)
    const { values } = await readCsv(`\uFEFFt;P\r\n${rows.join('\r\n')}\r\n`)
    expect([...values]).toEqual(Array.from({ length: 24 }, (_, k) => k + 0.5))
  })

  it('tells the two passes of an hour apart when the clock goes back', async () => {
    const autumn = localDayGrid(2026, 10, 25, 'Europe/Madrid', hour)
    expect(autumn.count).toBe(25)
    const hours = [0, 1, 2, 2, ...Array.from({ length: 21 }, (_, k) => k + 3)]
    const text = `t,P\n${hours.map((h, k) => `2026-10-25 ${two(h)}:00,${k}`).join('\n')}\n`
    const { values } = await readCsv(text, {}, autumn, 'kW', 'Europe/Madrid')
    expect([...values]).toEqual(Array.from({ length: 25 }, (_, k) => k))
  })

  it('refuses a clock time that spring skips, with its line', async () => {
    expect(await problemsOf('t,P\n2026-03-29 01:00,1\n2026-03-29 02:00,1\n', {}, 'Europe/Madrid')).toEqual([
      ['kernel.bad-stamp', 'f.csv', 3],
    ])
  })

  it.each([
    ['a missing column', 't,Q\n2026-07-06 00:00,1\n', [['kernel.column-missing', 'f.csv', 1]]],
    ['stamps that do not fit', 't,P\n6.7.26,1\n', [['kernel.bad-stamp', 'f.csv', 2]]],
    [
      'one moment with two values',
      't,P\n2026-07-06 00:00,1\n2026-07-06 01:00,1\n2026-07-06 01:00,2\n2026-07-06 02:00,2\n',
      [['kernel.stamp-twice', 'f.csv', 4]],
    ],
    [
      'stamps out of order',
      't,P\n2026-07-06 00:00,1\n2026-07-06 02:00,1\n2026-07-06 01:00,2\n2026-07-06 03:00,2\n',
      [['kernel.stamp-order', 'f.csv', 4]],
    ],
    [
      'stamps beside the steps',
      't,P\n2026-07-06 00:00,1\n2026-07-06 01:00,1\n2026-07-06 02:00,1\n2026-07-06 02:20,2\n',
      [['kernel.stamp-off-grid', 'f.csv', 5]],
    ],
    [
      'cells that are no number',
      't,P\n2026-07-06 00:00,1\n2026-07-06 01:00,many\n',
      [['kernel.bad-number', 'f.csv', 3]],
    ],
    [
      'numbers that no site can have',
      't,P\n2026-07-06 00:00,1\n2026-07-06 01:00,1e300\n',
      [['kernel.bad-number', 'f.csv', 3]],
    ],
    ['two columns of one name', 't,P,P\n2026-07-06 00:00,1,2\n', [['kernel.bad-series', 'f.csv', 1]]],
    ['an empty file', '', [['kernel.bad-series', 'f.csv', 1]]],
  ])('refuses %s', async (_, text, expected) => {
    expect(await problemsOf(text)).toEqual(expected)
  })

  it('keeps empty cells and absent rows missing, never zero', async () => {
    const { values } = await readCsv(
      't,P\n2026-07-06 00:00,1\n2026-07-06 01:00,\n2026-07-06 02:00,3\n2026-07-06 04:00,5\n',
      {},
      { ...day, count: 5 },
    )
    expect([...values]).toEqual([1, Number.NaN, 3, Number.NaN, 5])
  })

  it('does not take the mean over a gap for a value', async () => {
    const { values } = await readCsv(
      't,P\n2026-07-06 00:00,1\n2026-07-06 01:00,\n2026-07-06 02:00,3\n2026-07-06 03:00,5\n',
      {},
      { ...day, stepMs: 2 * hour, count: 2 },
    )
    expect([...values]).toEqual([Number.NaN, 4])
  })
})

describe('borrowing from another year', () => {
  const rows = Array.from({ length: 365 }, (_, k) => {
    const date = new Date(Date.UTC(2023, 0, 1 + k)).toISOString().slice(0, 10)
    return `${date},${k}`
  }).join('\n')
  const borrow = (align: 'none' | 'calendar' | 'weekday', year: number, month: number, dayOfMonth: number) =>
    readCsv(`t,P\n${rows}\n`, { align, step: '1d' }, localDayGrid(year, month, dayOfMonth, 'Asia/Shanghai', 24 * hour))
  const dayOf2023 = (month: number, dayOfMonth: number): number =>
    (Date.UTC(2023, month - 1, dayOfMonth) - Date.UTC(2023, 0, 1)) / 86_400_000

  it('is missing unless asked for', async () => {
    expect((await borrow('none', 2026, 7, 6)).values[0]).toBeNaN()
  })
  it('takes the same date, 28 February for the 29th, and marks it estimated', async () => {
    const series = await borrow('calendar', 2026, 7, 6)
    expect(series.values[0]).toBe(dayOf2023(7, 6))
    expect(series.quality[0]).toBe(quality.estimated)
    expect((await borrow('calendar', 2028, 2, 29)).values[0]).toBe(dayOf2023(2, 28))
  })
  it('takes the nearest date of the same weekday: Monday 6 July 2026 from Monday 3 July… 10 July 2023', async () => {
    // 2023-07-06 is a Thursday; 3 July is three days before, 10 July four after.
    expect((await borrow('weekday', 2026, 7, 6)).values[0]).toBe(dayOf2023(7, 3))
  })
  it('lends a day without midnight', async () => {
    // Chile’s clocks skip 00:00 on Sunday 3 September 2023, which Sunday 3 September 2028 borrows.
    const santiago = localDayGrid(2028, 9, 3, 'America/Santiago', hour)
    const text = `t,P\n${Array.from({ length: 72 }, (_, k) => `${new Date(Date.UTC(2023, 8, 2, k)).toISOString()},${k}`).join('\n')}\n`
    const { values } = await readCsv(text, { align: 'weekday' }, santiago, 'kW', 'America/Santiago')
    expect(values.some(Number.isNaN)).toBe(false)
  })
  it('stays inside the year at its ends', async () => {
    for (const [month, dayOfMonth] of [
      [1, 1],
      [1, 2],
      [12, 31],
      [12, 30],
    ] as const) {
      expect((await borrow('weekday', 2026, month, dayOfMonth)).values[0]).not.toBeNaN()
    }
  })
  it('uses the file itself where it covers the time', async () => {
    const series = await borrow('weekday', 2023, 7, 6)
    expect(series.values[0]).toBe(dayOf2023(7, 6))
    expect(series.quality[0]).toBe(quality.good)
  })
})

describe('laws', () => {
  it('any text gives a series or a refusal with a place, never a crash or an infinity', async () => {
    const cell = fc.constantFrom(
      '2026-07-06 00:00',
      '2026-07-06 01:00',
      '2026-07-06 02:30',
      '1',
      '',
      'x',
      '"',
      '1e400',
      'NaN',
      '\n',
      ',',
      ';',
      '2026-13-01',
    )
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(cell, fc.string({ maxLength: 5 })), { maxLength: 30 }), async (parts) => {
        try {
          const { values } = await readCsv(`t,P\n${parts.join(',').replaceAll(',\n,', '\n')}`)
          for (const value of values) expect(Math.abs(value)).not.toBe(Number.POSITIVE_INFINITY)
        } catch (error) {
          expect(error).toBeInstanceOf(MangroveError)
          for (const problem of (error as MangroveError).problems)
            expect(problem.place?.file ?? problem.place?.path).toBeDefined()
        }
      }),
      { numRuns: 300 },
    )
  })

  it('energy is kept when steps are made longer', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 999 }), { minLength: 24, maxLength: 24 }),
        async (numbers) => {
          const text = `t,P\n${numbers.map((value, k) => `2026-07-06 ${two(k)}:00,${value}`).join('\n')}\n`
          const fine = await readCsv(text, {}, { ...day, stepMs: hour / 4, count: 96 })
          const coarse = await readCsv(text, {}, { ...day, stepMs: 3 * hour, count: 8 })
          const total = numbers.reduce((sum, value) => sum + value, 0)
          expect(fine.values.reduce((sum, value) => sum + value, 0) / 4).toBeCloseTo(total, 6)
          expect(coarse.values.reduce((sum, value) => sum + value, 0) * 3).toBeCloseTo(total, 6)
        },
      ),
      { numRuns: 30 },
    )
  })
})
