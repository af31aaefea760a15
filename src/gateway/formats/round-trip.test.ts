import { tableFromIPC } from 'apache-arrow'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quality } from '../../kernel/index.ts'
import { anyMs, anyName, anyTold, anyValue, numberText, parse, rowsOf, type Told } from './observations.fixture.ts'
import { writeArrow } from './write-arrow.ts'
import { csvChunks, writeCsv } from './write-csv.ts'
import { writeNdjson } from './write-ndjson.ts'
import { rowsAChunk, type WrittenRanges } from './written-ranges.ts'

const observations = fc.array(anyTold, { maxLength: 12 })
const present = observations.map((rows) => rows.filter(({ value }) => !Number.isNaN(value)))
const iso = (ms: number): string => new Date(ms).toISOString()
const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value)

const escapeKey = (text: string): string => text.replaceAll(/([,= ])/g, '\\$1')
/** A line protocol key cannot say a backslash before a separator or at its end. */
const sayable = (text: string): boolean => !/\\(?:[,= ]|$)/.test(text)

const line = ({ point, ms, value, unit, quality, source, site }: Told): string => {
  const tags = { asset: point, site, source, quality, ...(unit ? { unit } : {}) }
  const written = Object.entries(tags).map(([tag, told]) => `,${tag}=${escapeKey(told)}`)
  return `m${written.join('')} v=${numberText(value)} ${ms}000000`
}
const cell = (text: string): string => `"${text.replaceAll('"', '""')}"`

describe('observations that are written and read again', () => {
  it('are the same by JSON and NDJSON', () => {
    fc.assert(
      fc.property(observations, (rows) => {
        const objects = rows.map(({ ms, value, ...rest }) => ({ ...rest, time: iso(ms), value: orNull(value) }))
        const json = JSON.stringify({ observations: objects })
        expect(rowsOf(parse('json', json).batch)).toEqual(rows.map(noMinusZero))
        const lines = objects.map((row) => JSON.stringify(row)).join('\n')
        expect(rowsOf(parse('ndjson', lines).batch)).toEqual(rows.map(noMinusZero))
      }),
    )
  })

  it('are the same by CSV', () => {
    fc.assert(
      fc.property(observations, (rows) => {
        const records = rows.map(({ point, ms, value, unit = '', quality, source, site }) =>
          [cell(point), ms, Number.isNaN(value) ? '' : numberText(value), unit, quality, cell(source), cell(site)].join(
            ',',
          ),
        )
        const body = ['point,timestampMs,value,unit,quality,source,site', ...records].join('\r\n')
        const parsed = parse('csv', body)
        expect(parsed.refused).toEqual([])
        expect(rowsOf(parsed.batch)).toEqual(rows)
      }),
    )
  })

  it('are the same by line protocol, with escapes', () => {
    fc.assert(
      fc.property(present, (all) => {
        const rows = all.filter(({ point, source, site }) => [point, source, site].every(sayable))
        const parsed = parse('line-protocol', rows.map(line).join('\n'))
        expect(parsed.refused).toEqual([])
        expect(rowsOf(parsed.batch)).toEqual(rows.map((row) => ({ ...row, point: `${row.point}.v` })))
      }),
    )
  })
})

const ranges: fc.Arbitrary<WrittenRanges> = fc
  .dictionary(
    anyName.filter((name) => name !== '__proto__'),
    fc.record({
      unit: fc.constantFrom('kW', '°C', '%'),
      rows: fc.array(fc.tuple(anyMs, fc.option(anyValue, { nil: Number.NaN }), fc.constantFrom(0, 1, 2, 3)), {
        maxLength: 6,
      }),
    }),
    { maxKeys: 5 },
  )
  .map((points) =>
    Object.fromEntries(
      Object.entries(points).map(([point, { unit, rows }]) => [
        point,
        {
          unit,
          timestampsMs: Float64Array.from(rows, ([ms]) => ms),
          values: Float64Array.from(rows, ([, value]) => value),
          quality: Uint8Array.from(rows, ([, value, code]) => (Number.isNaN(value) ? quality.missing : code)),
        },
      ]),
    ),
  )

/** What a reader of ranges should find. */
const rowsOfRanges = (written: WrittenRanges) =>
  Object.entries(written).flatMap(([point, { unit, timestampsMs, values, quality: codes }]) =>
    Array.from(timestampsMs as Float64Array, (ms, row) => ({
      point,
      unit,
      ms,
      value: values[row]!,
      code: codes[row]!,
    })),
  )

describe('ranges that go out', () => {
  it.each([
    ['csv', writeCsv],
    ['ndjson', writeNdjson],
  ] as const)('come in again by %s as they were', (format, write) => {
    fc.assert(
      fc.property(ranges, (written) => {
        const parsed = parse(format, write(written))
        expect(parsed.refused).toEqual([])
        const { batch } = parsed
        const read = rowsOf(batch).map(({ point, unit, ms, value }, row) => ({
          point,
          unit,
          ms,
          value,
          code: batch.quality[row]!,
        }))
        expect(read).toEqual(rowsOfRanges(written))
      }),
    )
  })

  it('are read by apache-arrow as columns with types, nulls and UTC times', async () => {
    await fc.assert(
      fc.asyncProperty(ranges, async (written) => {
        const table = tableFromIPC(await writeArrow(written))
        expect(table.schema.fields.map((field) => `${field}`)).toEqual([
          'point: Dictionary<Int32, Utf8>',
          'time: Timestamp<MILLISECOND, UTC>',
          'value: Float64',
          'quality: Dictionary<Int32, Utf8>',
          'unit: Dictionary<Int32, Utf8>',
        ])
        const names = ['good', 'estimated', 'synthetic', 'suspect', 'missing']
        const read = table.toArray().map((row) => ({ ...row.toJSON() }))
        expect(read).toEqual(
          rowsOfRanges(written).map(({ point, unit, ms, value, code }) => ({
            point,
            time: ms,
            value: orNull(value),
            quality: names[code],
            unit,
          })),
        )
      }),
      { numRuns: 50 },
    )
  })

  it('are written in pieces that do not hold up who writes them', () => {
    const count = 3 * rowsAChunk + 5
    const timestampsMs = Float64Array.from({ length: count }, (_, row) => Date.UTC(2026, 0, 1) + row)
    const range = { unit: 'kW', timestampsMs, values: timestampsMs, quality: new Uint8Array(count) }
    const chunks = [...csvChunks({ 'a.b': range })]
    expect(chunks.length).toBe(5)
    expect(parse('csv', writeCsv({ 'a.b': range })).batch.count).toBe(count)
  })
})

/** JSON.stringify writes -0 as 0. */
const noMinusZero = (row: Told): Told => ({ ...row, value: row.value === 0 ? 0 : row.value })
