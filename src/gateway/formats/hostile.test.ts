import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MangroveError } from '../../kernel/index.ts'
import { decompress } from '../decompress.ts'
import { type ObservationFormat, observationFormats } from './observation-format.ts'
import { bytesOf, context, parse } from './observations.fixture.ts'
import { remoteWriteBody, remoteWriteBody2 } from './remote-write.fixture.ts'

const time = '2026-07-06T00:00:00Z'
const ms = Date.parse(time)
const series = [
  {
    labels: { point: 'a.b', unit: 'kW' },
    samples: [
      { value: 1.5, timestampMs: ms },
      { value: -2, timestampMs: ms + 1 },
    ],
  },
  { labels: { asset: 'c', __name__: 'd', host: 'x' }, samples: [{ value: 7, timestampMs: ms }] },
]
/** A body of each format that is read without a refusal. */
const valid: Readonly<Record<ObservationFormat, Uint8Array>> = {
  json: bytesOf(
    `{"observations":[{"point":"a.b","time":"${time}","value":1}],"points":{"c.d":{"timestampsMs":[${ms}],"values":[null]}}}`,
  ),
  ndjson: bytesOf(
    `{"point":"a.b","time":"${time}","value":-1.5e3,"unit":"kW"}\n{"point":"c.d","timestampMs":${ms},"value":null}\n`,
  ),
  csv: bytesOf(`time,point,value,unit,quality\n${time},a.b,1.5,kW,good\n${time},"c, ""d""",,,\n`),
  'line-protocol': bytesOf(`a,unit=kW,host=x b=1.5,c=2i,d=t ${ms}000000\n# note\n"e"\\ f,asset=g value=3\n`),
  'remote-write': remoteWriteBody(series),
  'remote-write-2': remoteWriteBody2(series),
}

/** Reads a body; anything but a result or one of our errors is thrown. Returns how long it took, ms. */
function survive(format: ObservationFormat, bytes: Uint8Array): number {
  const began = performance.now()
  try {
    const { batch, refused, refusedCount, total } = parse(format, bytes)
    expect(total).toBe(batch.count + refusedCount)
    expect(refused.length).toBeLessThanOrEqual(Math.min(refusedCount, 100))
    for (const { place } of refused) expect(place?.line ?? place?.path).toBeDefined()
    for (let row = 0; row < batch.count; row += 1) {
      expect(batch.series[batch.seriesOf[row]!]).toBeDefined()
      expect(batch.sources[batch.sourceOf[row]!]).toBeDefined()
      expect(Number.isInteger(batch.timestampsMs[row]!)).toBe(true)
      expect(Number.isNaN(batch.values[row]!)).toBe(batch.quality[row] === 4)
    }
  } catch (error) {
    if (!(error instanceof MangroveError)) throw error
    expect(error.status).toBeLessThan(500)
  }
  return performance.now() - began
}

describe.each(observationFormats)('hostile bytes as %s', (format) => {
  it('are no fault of the valid body', () => {
    const parsed = parse(format, valid[format])
    expect(parsed.refused).toEqual([])
    expect(parsed.total).toBeGreaterThan(1)
  })

  it('break nothing when they are arbitrary', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void survive(format, bytes)),
      { numRuns: 500 },
    )
  })

  it('break nothing when they are a valid body with some bytes changed, lost or repeated', () => {
    const body = valid[format]
    const change = fc.record({
      at: fc.nat({ max: body.length - 1 }),
      lost: fc.nat({ max: 3 }),
      put: fc.oneof(
        fc.uint8Array({ maxLength: 3 }),
        fc.constantFrom(...['"', '\\', ',', '\n', '=', ' ', '{', '[', '\0', 'é'].map(bytesOf)),
      ),
    })
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        let bytes = [...body]
        for (const { at, lost, put } of changes) bytes = [...bytes.slice(0, at), ...put, ...bytes.slice(at + lost)]
        survive(format, Uint8Array.from(bytes))
      }),
      { numRuns: 600 },
    )
  })

  it.each([
    ['quotes', '"'],
    ['doubled quotes and line ends', '""\n'],
    ['quotes and line ends', '"\n'],
    ['line ends', '\n'],
    ['commas', ','],
    ['backslashes', '\\'],
    ['opening brackets', '['],
    ['objects', '{"a":'],
    ['equal signs', 'a=b '],
    ['fields that are texts', 'a b="\n'],
    ['groups of protobuf', '\u000b'],
    ['empty series of protobuf', '\n\0'],
    ['digits', '9'],
    ['spaces', ' '],
  ])('take time in proportion when they are a megabyte of %s', (_, part) => {
    const bytes = bytesOf(part.repeat(Math.ceil(1e6 / part.length)))
    const heading = format === 'csv' ? bytesOf('time,point,value\n') : bytesOf('')
    expect(survive(format, Buffer.concat([heading, bytes]))).toBeLessThan(3000)
  })
})

describe('bodies of many', () => {
  const limits = { ...context.limits, maxSeries: 1000, maxRows: 5000 }

  it('keep a thousand points of a million, where a thousand are allowed', () => {
    const body = Array.from({ length: 200_000 }, (_, index) => `m${index} v=1`).join('\n')
    const parsed = parse('line-protocol', body, { limits })
    expect(parsed.batch.count).toBe(1000)
    expect(parsed.refusedCount).toBe(199_000)
    expect(parsed.refused.length).toBe(100)
    expect(parsed.refused[0]).toMatchObject({ code: 'gateway.too-many-names', place: { line: 1001 } })
  })

  it('keep as many rows as are allowed', () => {
    const rows = Array.from({ length: 6000 }, (_, index) => `${time},a.b,${index}`)
    const parsed = parse('csv', `time,point,value\n${rows.join('\n')}`, { limits })
    expect(parsed.batch.count).toBe(5000)
    expect(parsed.refusedCount).toBe(1000)
    expect(parsed.refused[0]).toMatchObject({ code: 'gateway.too-many-rows', status: 413, place: { line: 5002 } })
  })

  it('keep every one of a million rows', () => {
    const rows = Array.from({ length: 1_000_000 }, (_, index) => `m${index % 100} v=${index} ${ms + index}000000`)
    const { batch, refusedCount } = parse('line-protocol', rows.join('\n'))
    expect([batch.count, refusedCount, batch.series.length]).toEqual([1_000_000, 0, 100])
    expect(batch.values[999_999]).toBe(999_999)
    expect(batch.timestampsMs[123_456]).toBe(ms + 123_456)
    expect(batch.seriesOf[123_456]).toBe(56)
  })

  it('are refused as a whole above the limit of bytes', () => {
    const bytes = bytesOf('a b=1\n'.repeat(100))
    const own = { limits: { ...limits, maxBytes: 100 } }
    expect(() => parse('line-protocol', bytes, own)).toThrow(
      expect.objectContaining({ code: 'gateway.too-large', status: 413 }),
    )
    expect(() => decompress('identity', bytes, 100)).toThrow(expect.objectContaining({ code: 'gateway.too-large' }))
  })
})
