import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyMs, anyName, anyValue, parse, refusals, rowsOf } from './observations.fixture.ts'
import { remoteWriteBody, remoteWriteBody2 } from './remote-write.fixture.ts'

const ms = Date.UTC(2026, 6, 6)
const sample = { value: 1.5, timestampMs: ms }

/** A double of exactly these bits, which writers of protobuf copy. */
function bits(high: number, low: number): number {
  const view = new DataView(new ArrayBuffer(8))
  view.setUint32(0, high)
  view.setUint32(4, low)
  return view.getFloat64(0)
}

/** One series whose value has the bits `high`, `low`; JavaScript may change those of a NaN, so they are set in the bytes. */
function bodyWithBits(high: number, low: number): Uint8Array {
  const body = remoteWriteBody([{ labels: { point: 'a.b' }, samples: [{ value: 1.5, timestampMs: ms }] }])
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
  const at = body.findIndex((_, index) => index + 8 <= body.length && view.getFloat64(index, true) === 1.5)
  view.setUint32(at, low, true)
  view.setUint32(at + 4, high, true)
  return body
}

describe('remote write', () => {
  it('reads labels point, or asset and __name__, with site, source, unit and quality', () => {
    const body = remoteWriteBody([
      {
        labels: { __name__: 'powerKw', asset: 'meter', instance: 'i', job: 'j', unit: 'kW' },
        samples: [sample, { ...sample, timestampMs: ms + 1 }],
      },
      { labels: { point: 'a.b', site: 'other', source: 'prom', quality: 'suspect' }, samples: [sample] },
    ])
    expect(rowsOf(parse('remote-write', body).batch)).toEqual([
      { site: 'park', point: 'meter.powerKw', unit: 'kW', ms, value: 1.5, quality: 'good', source: 'gateway' },
      { site: 'park', point: 'meter.powerKw', unit: 'kW', ms: ms + 1, value: 1.5, quality: 'good', source: 'gateway' },
      { site: 'other', point: 'a.b', unit: undefined, ms, value: 1.5, quality: 'suspect', source: 'prom' },
    ])
  })

  // prometheus/model/value/value.go: StaleNaN = 0x7ff0000000000002, NormalNaN = 0x7ff8000000000001
  it('takes the staleness marker for a missing value, and no other NaN', () => {
    const stale = parse('remote-write', bodyWithBits(0x7ff00000, 2))
    expect(rowsOf(stale.batch)).toMatchObject([{ value: Number.NaN, quality: 'missing' }])
    expect(refusals(parse('remote-write', bodyWithBits(0x7ff80000, 1)))).toEqual([
      ['gateway.not-finite', 'timeseries[0].samples[0]'],
    ])
    expect(bits(0x7ff00000, 0)).toBe(Number.POSITIVE_INFINITY)
    expect(refusals(parse('remote-write', bodyWithBits(0x7ff00000, 0)))).toEqual([
      ['gateway.not-finite', 'timeseries[0].samples[0]'],
    ])
  })

  it.each([
    [{ __name__: 'up' }, 'bad-row'],
    [{ asset: 'meter' }, 'bad-row'],
    [{ point: 'a.b', phase: 'L1' }, 'unknown-field'],
    [{ point: 'x'.repeat(201) }, 'bad-name'],
    [{ point: 'a\nb' }, 'bad-name'],
    [{ point: 'a.b', quality: 'fine' }, 'bad-quality'],
    [{}, 'bad-row'],
  ])('refuses the labels %j by series and sample, and keeps the others', (labels, code) => {
    const good = { labels: { point: 'a.b' }, samples: [sample] }
    const parsed = parse('remote-write', remoteWriteBody([good, { labels, samples: [sample, sample] } as never, good]))
    expect(parsed.batch.count).toBe(2)
    expect(refusals(parsed)).toEqual([
      [`gateway.${code}`, 'timeseries[1].samples[0]'],
      [`gateway.${code}`, 'timeseries[1].samples[1]'],
    ])
  })

  it.each([0, -1, 1783310400, Number.MIN_SAFE_INTEGER])('refuses the time %d', (timestampMs) => {
    const parsed = parse(
      'remote-write',
      remoteWriteBody([{ labels: { point: 'a.b' }, samples: [{ value: 1, timestampMs }] }]),
    )
    expect(parsed.refused).toMatchObject([{ code: 'gateway.implausible-time', found: timestampMs }])
  })

  it('leaves metadata out, and takes a sample without a value for 0, as protobuf writes it', () => {
    const body = remoteWriteBody(
      [{ labels: { point: 'a.b' }, samples: [{ value: 0, timestampMs: ms }] }],
      [{ type: 2, metric_family_name: 'a', help: 'h', unit: 'kW' }],
    )
    expect(rowsOf(parse('remote-write', body).batch)).toMatchObject([{ value: 0, quality: 'good' }])
  })

  it('does not take a body that is cut off anywhere', () => {
    const body = remoteWriteBody([{ labels: { point: 'a.b' }, samples: [sample] }])
    for (let length = 1; length < body.length; length += 1) {
      expect(() => parse('remote-write', body.slice(0, length)), `${length} bytes`).toThrow(
        expect.objectContaining({ code: 'gateway.bad-body' }),
      )
    }
    expect(parse('remote-write', body.slice(0, 0)).total).toBe(0)
  })

  const series = fc.record({
    labels: fc.record({ point: anyName, unit: fc.constantFrom('', 'kW'), host: anyName }),
    samples: fc.array(fc.record({ value: anyValue, timestampMs: anyMs }), { maxLength: 4 }),
  })
  it.each([
    ['1.0', 'remote-write', remoteWriteBody],
    ['2.0', 'remote-write-2', remoteWriteBody2],
  ] as const)('reads what protobufjs writes from the published schema of %s', (_, format, write) => {
    fc.assert(
      fc.property(fc.array(series, { maxLength: 6 }), (written) => {
        const parsed = parse(format, write(written))
        expect(parsed.refused).toEqual([])
        expect(rowsOf(parsed.batch)).toEqual(
          written.flatMap(({ labels, samples }) =>
            samples.map(({ value, timestampMs }) => ({
              site: 'park',
              point: labels.point,
              unit: labels.unit || undefined,
              ms: timestampMs,
              value: value === 0 ? expect.closeTo(0) : value,
              quality: 'good',
              source: 'gateway',
            })),
          ),
        )
      }),
    )
  })
})
