import { describe, expect, it } from 'vitest'
import { arrowSlices } from '../src/server/query/write-arrow-slices.ts'
import { readArrowStream } from '../web/src/telemetry/arrow-stream.ts'

/** Bytes as the server writes them. */
async function written(points: Parameters<typeof arrowSlices>[0]): Promise<ArrayBuffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of arrowSlices(points)) chunks.push(chunk)
  return Uint8Array.from(chunks.flatMap((chunk) => [...chunk])).buffer
}

const day = Date.UTC(2026, 6, 6)

describe('an Arrow stream of observations', () => {
  it('is read as it was written, what is missing as NaN, over several batches', async () => {
    const count = 10_000
    const points = new Map([
      [
        'pv.powerKw',
        {
          unit: 'kW',
          timestampsMs: Float64Array.from({ length: count }, (_, row) => day + row * 1000),
          values: Float64Array.from({ length: count }, (_, row) => (row % 3 === 1 ? Number.NaN : row / 7)),
          quality: Uint8Array.from({ length: count }, (_, row) => (row % 3 === 1 ? 4 : row % 4)),
        },
      ],
      ['氢.温度', { unit: 'degC', timestampsMs: [day], values: [-3.5], quality: [1] }],
    ])
    const read = readArrowStream(await written(points))
    for (const [ref, { unit, timestampsMs, values, quality }] of points) {
      expect(read[ref]?.unit).toBe(unit)
      expect([...read[ref]!.timestampsMs]).toEqual([...timestampsMs])
      expect([...read[ref]!.values]).toEqual([...values])
      expect([...read[ref]!.quality]).toEqual([...quality])
      expect(read[ref]?.lows).toBeUndefined()
    }
  })

  it('has least and most of buckets where they were asked for', async () => {
    const aggregates = new Map([
      ['mean', [2, Number.NaN]],
      ['min', [1, Number.NaN]],
      ['max', [3, Number.NaN]],
    ] as const)
    const point = { unit: 'kW', timestampsMs: [day, day + 1], values: [2, Number.NaN], quality: [0, 4], aggregates }
    const { 'pv.powerKw': read } = readArrowStream(await written(new Map([['pv.powerKw', point]])))
    expect([[...read!.values], [...read!.lows!], [...read!.highs!]]).toEqual([
      [2, Number.NaN],
      [1, Number.NaN],
      [3, Number.NaN],
    ])
  })

  it('may hold nothing, and is refused where it is none', async () => {
    expect(readArrowStream(await written(new Map()))).toEqual({})
    expect(() => readArrowStream(new TextEncoder().encode('{"points":{}}').buffer as ArrayBuffer)).toThrow(
      'no Arrow stream',
    )
  })
})
