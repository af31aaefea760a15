import { describe, expect, it } from 'vitest'
import type { BatchSeries } from '../store/index.ts'
import type { ParsedObservations } from './formats/index.ts'
import { createPacking, createUnpacking } from './parse-messages.ts'

const parsedOf = (series: readonly BatchSeries[]): ParsedObservations => ({
  batch: {
    count: series.length,
    series,
    sources: ['gateway'],
    seriesOf: Uint32Array.from(series.keys()),
    sourceOf: new Uint16Array(series.length),
    timestampsMs: new Float64Array(series.length),
    values: new Float64Array(series.length),
    quality: new Uint8Array(series.length),
  },
  refused: [],
  refusedCount: 0,
  total: series.length,
})
const seriesOf = (count: number, from = 0): readonly BatchSeries[] =>
  Array.from({ length: count }, (_, index) => ({
    site: 'park',
    point: `m-${from + index}.v`,
    ...(index % 2 ? { unit: 'kW' } : {}),
  }))

describe('observations as messages', () => {
  it('tell a name once, and the same list is one list', async () => {
    const pack = createPacking()
    const unpack = createUnpacking()
    const series = seriesOf(100)
    const first = pack(parsedOf(series)).packed
    const again = pack(parsedOf([...series])).packed
    const other = pack(parsedOf([series[7]!, ...seriesOf(1, 500)])).packed
    expect([first.names.length > 0, again.names, other.names]).toEqual([true, '', 'park\nm-500.v\n'])
    const got = await Promise.all([first, again, other].map(unpack))
    expect(got[0]!.batch.series).toEqual(series)
    expect(got[1]!.batch.series).toBe(got[0]!.batch.series)
    expect(got[2]!.batch.series[0]).toBe(got[0]!.batch.series[7])
    expect(got[2]!.batch.series[1]).toEqual({ site: 'park', point: 'm-500.v' })
  })

  it('come in their order, though the names of one take many turns', async () => {
    const pack = createPacking()
    const unpack = createUnpacking()
    const many = seriesOf(50_000)
    const messages = [many, [many[49_999]!], seriesOf(3, 90_000)].map((series) => pack(parsedOf(series)).packed)
    const got = await Promise.all(messages.map(unpack))
    expect(got.map(({ batch }) => batch.series.at(-1)?.point)).toEqual(['m-49999.v', 'm-49999.v', 'm-90002.v'])
  })

  it('begin anew when both sides remember too much', async () => {
    const pack = createPacking(10)
    const unpack = createUnpacking()
    const series = seriesOf(12)
    expect(await unpack(pack(parsedOf(series)).packed)).toEqual(parsedOf(series))
    const { packed } = pack(parsedOf(series.slice(2)))
    expect(packed.known).toBe(0)
    expect(await unpack(packed)).toEqual(parsedOf(series.slice(2)))
    expect(await unpack(pack(parsedOf([])).packed)).toEqual(parsedOf([]))
  })
})
