import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { MangroveError, quality } from '../../kernel/index.ts'
import { type FileRow, isProblem } from './file-rows.ts'
import { greenButton, intervalBlock } from './green-button.fixture.ts'
import { readDecimal } from './read-csv.ts'
import { readDroppedFile } from './read-file.ts'
import type { FileDropSettings } from './settings.ts'

const folder = mkdtempSync(join(tmpdir(), 'mangrove-files-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const units: Readonly<Record<string, string>> = {
  ...{ 'grid.powerKw': 'kW', 'grid.energyKwh': 'kWh', 'pv.powerKw': 'kW', 'hall.temperatureC': '°C' },
}
async function rowsOf(
  name: string,
  content: string | Uint8Array,
  settings: Partial<FileDropSettings> = {},
): Promise<readonly FileRow[]> {
  const path = join(folder, name)
  writeFileSync(path, content)
  const rows: FileRow[] = []
  const context = {
    ...{ site: 'park', points: settings.points ?? {}, zone: settings.csv?.zone ?? 'Europe/Berlin' },
    unitOf: (ref: string) => (Object.hasOwn(units, ref) ? units[ref] : undefined),
  }
  for await (const row of readDroppedFile(path, { folder, ...settings }, context)) rows.push(row)
  return rows
}
const told = (rows: readonly FileRow[]) =>
  rows.map((row) =>
    isProblem(row)
      ? [row.code, row.place?.line]
      : [row.ref, new Date(row.timestampMs).toISOString(), row.value, row.quality],
  )

describe('CSV in a folder', () => {
  it('is read in the long form, with units, qualities and gaps', async () => {
    const text = `point,time,value,unit,quality
grid.powerKw,2026-07-06T00:00:00Z,1500,W,
grid.powerKw,2026-07-06T00:15:00Z,,,
grid.powerKw,2026-07-06T00:30:00Z,2,kW,suspect
grid.powerKw,2026-07-06T00:45:00Z,2,kWh,
nobody.powerKw,2026-07-06T00:45:00Z,2,kW,
grid.powerKw,2026-07-06T01:00:00Z,many,kW,
`
    expect(told(await rowsOf('long.csv', text))).toEqual([
      ['grid.powerKw', '2026-07-06T00:00:00.000Z', 1.5, quality.good],
      ['grid.powerKw', '2026-07-06T00:15:00.000Z', Number.NaN, quality.missing],
      ['grid.powerKw', '2026-07-06T00:30:00.000Z', 2, quality.suspect],
      ['gateway.bad-row', 5],
      ['gateway.bad-row', 6],
      ['gateway.not-a-number', 7],
    ])
  })

  it('is read in the wide form of a German metering service, whose clock shows an hour twice', async () => {
    const csv = { delimiter: ';', decimal: ',', time: 'Zeit', timeFormat: 'DD.MM.YYYY HH:mm', skipLines: 1 } as const
    const stamps = ['01:45', '02:00', '02:30', '02:00', '02:30', '03:00']
    const text = `Zählpunkt DE0001\nZeit;Bezug;Erzeugung\n${stamps
      .map((stamp, index) => `25.10.2026 ${stamp};1.00${index},5;${index === 3 ? '-' : index}`)
      .join('\n')}\n`
    const rows = await rowsOf('wide.csv', text, {
      csv: { ...csv, missing: ['-'] },
      points: { Bezug: { ref: 'grid.powerKw', unit: 'W' }, Erzeugung: { ref: 'pv.powerKw', factor: -1 } },
    })
    const of = (ref: string) => told(rows).filter(([name]) => name === ref)
    expect(of('grid.powerKw').map(([, time, value]) => [time, value])).toEqual([
      ['2026-10-24T23:45:00.000Z', 1.0005],
      ['2026-10-25T00:00:00.000Z', 1.0015],
      ['2026-10-25T00:30:00.000Z', 1.0025],
      ['2026-10-25T01:00:00.000Z', 1.0035],
      ['2026-10-25T01:30:00.000Z', 1.0045],
      ['2026-10-25T02:00:00.000Z', 1.0055],
    ])
    expect(of('pv.powerKw').map(([, , value]) => value)).toEqual([-0, -1, -2, Number.NaN, -4, -5])
  })

  it('refuses a time that the clock skips, and one that it shows twice where rows fall', async () => {
    const rows = await rowsOf(
      'clock.csv',
      'time,grid.powerKw\n2026-03-29T02:30,1\n2026-10-25T04:00,1\n2026-10-25T02:30,1\n2026-10-25T01:30,1\n',
    )
    expect(told(rows).map(([first]) => first)).toEqual([
      'gateway.bad-time',
      'grid.powerKw',
      'gateway.bad-time',
      'grid.powerKw',
    ])
  })

  it.each([
    ['a quote that does not end', 'time,grid.powerKw\n2026-07-06T00:00Z,1\n"2026', 1],
    ['a record with cells too many', 'time,grid.powerKw\n2026-07-06T00:00Z,1,2\n', 0],
  ])('tells %s', async (_, text, good) => {
    const rows = await rowsOf('broken.csv', text)
    expect(rows.filter((row) => !isProblem(row))).toHaveLength(good)
    expect(rows.filter(isProblem)).toHaveLength(1)
  })

  it('ends a record of megabytes, and a file of another encoding', async () => {
    await expect(rowsOf('long-quote.csv', `time,grid.powerKw\n"${'x,\n'.repeat(3_000_000)}`)).rejects.toMatchObject({
      code: 'gateway.bad-body',
    })
    const latin = Buffer.from('time,Zähler\n', 'latin1')
    await expect(rowsOf('latin.csv', latin)).rejects.toMatchObject({ code: 'gateway.bad-body' })
  })

  it('reads a decimal comma as the number it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), (whole) => {
        const text = (whole / 1000).toLocaleString('de-DE', { minimumFractionDigits: 3 })
        expect(readDecimal(text, ',')).toBe(whole / 1000)
      }),
    )
    expect(['1,5', '1.5', '1.50,2', '', ',', 'Infinity', '0x10'].map((text) => readDecimal(text, ','))).toEqual([
      1.5,
      ...Array(6).fill(undefined),
    ])
  })
})

describe('NDJSON in a folder', () => {
  it('is read in pieces, and lines are told by their number', async () => {
    const line = (index: number): string =>
      JSON.stringify({ point: 'grid.powerKw', timestampMs: Date.UTC(2026, 6, 6) + index * 1000, value: index })
    const lines = Array.from({ length: 9000 }, (_, index) => (index === 8500 ? '{"point":1}' : line(index)))
    const rows = await rowsOf('rows.ndjson', lines.join('\n'))
    expect(rows).toHaveLength(9000)
    expect(rows.filter(isProblem).map(({ place }) => place?.line)).toEqual([8501])
  })

  it('of another site is refused', async () => {
    const text = '{"site":"port","point":"grid.powerKw","timestampMs":1783310400000,"value":1}\n'
    expect(told(await rowsOf('other.ndjson', text))[0]![0]).toBe('gateway.bad-row')
  })
})

describe('Green Button data', () => {
  const startS = Date.UTC(2026, 6, 6) / 1000
  const readings = [0, 1, 2].map((index) => ({ startS: startS + index * 900, durationS: 900, value: 250 + index }))

  it('becomes energy or mean power, by its power of ten, direction and quality', async () => {
    const xml = greenButton({
      ...{ uom: 72, power: 0, flow: 1, accumulation: 4 },
      blocks: [intervalBlock([...readings, { startS: startS + 2700, durationS: 900, value: 1, quality: 8 }])],
    })
    const power = await rowsOf('power.xml', xml, { points: { forward: 'grid.powerKw' } })
    expect(told(power)).toEqual([
      ['grid.powerKw', '2026-07-06T00:00:00.000Z', 1, quality.good],
      ['grid.powerKw', '2026-07-06T00:15:00.000Z', 1.004, quality.good],
      ['grid.powerKw', '2026-07-06T00:30:00.000Z', 1.008, quality.good],
      ['grid.powerKw', '2026-07-06T00:45:00.000Z', 0.004, quality.estimated],
    ])
    const kilo = xml.replace('<powerOfTenMultiplier>0', '<powerOfTenMultiplier>3')
    const energy = await rowsOf('energy.xml', kilo, { points: { 'Main meter': 'grid.energyKwh' } })
    expect(told(energy).map(([, , value]) => value)).toEqual([250, 251, 252, 1])
  })

  it('is understood where what it means stands behind it', async () => {
    const xml = greenButton({ ...{ uom: 38, power: 0, flow: 19, accumulation: 12 }, blocks: [intervalBlock(readings)] })
    const late = xml.replace(/(<entry>[\s\S]*?<ReadingType[\s\S]*?<\/entry>)([\s\S]*)<\/feed>/, '$2$1</feed>')
    expect(late.indexOf('<ReadingType')).toBeGreaterThan(late.indexOf('<IntervalBlock'))
    const rows = await rowsOf('late.xml', late, { points: { reverse: { ref: 'grid.powerKw', factor: -1 } } })
    expect(told(rows).map(([, , value]) => value)).toEqual([-0.25, -0.251, -0.252])
  })

  it('without a point, or of an unknown unit, is refused row by row', async () => {
    const xml = greenButton({ ...{ uom: 999, power: 0, flow: 1, accumulation: 4 }, blocks: [intervalBlock(readings)] })
    for (const points of [{}, { forward: 'grid.powerKw' }]) {
      expect(told(await rowsOf('unknown.xml', xml, { points })).map(([code]) => code)).toEqual(
        Array(3).fill('gateway.bad-row'),
      )
    }
  })

  it.each([
    ['a document type', '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><feed>&c;</feed>'],
    ['an entity that is not known', '<feed>&secret;</feed>'],
    ['elements without an end', '<a>'.repeat(100_000)],
    ['a text without an end', `<feed>${'x'.repeat(3_000_000)}`],
    ['an element that ends another', '<feed><a></feed></a>'],
    ['an attribute of megabytes', `<feed a="${'x'.repeat(3_000_000)}"/>`],
    ['nothing', ''],
    ['no feed', '<html></html>'],
  ])('is refused with %s', async (_, xml) => {
    const began = performance.now()
    await expect(rowsOf('hostile.xml', xml, { points: { forward: 'grid.powerKw' } })).rejects.toMatchObject({
      code: 'gateway.bad-body',
    })
    expect(performance.now() - began).toBeLessThan(3000)
  })

  it('breaks nothing with some bytes changed', async () => {
    const xml = greenButton({ ...{ uom: 72, power: 0, flow: 1, accumulation: 4 }, blocks: [intervalBlock(readings)] })
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(xml.length - 1), fc.constantFrom('<', '>', '&', '"', '/', '!', 'x', '')), {
          minLength: 1,
          maxLength: 4,
        }),
        async (changes) => {
          let text = xml
          for (const [at, sign] of changes) text = text.slice(0, at) + sign + text.slice(at + 1)
          try {
            for (const row of await rowsOf('fuzz.xml', text, { points: { forward: 'grid.powerKw' } })) {
              if (!isProblem(row)) expect(Number.isFinite(row.value)).toBe(true)
            }
          } catch (error) {
            expect(error).toBeInstanceOf(MangroveError)
          }
        },
      ),
      { numRuns: 150 },
    )
  })
})
