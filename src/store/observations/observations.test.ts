import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Quality, quality } from '../../kernel/index.ts'
import { engines, type TestStore } from '../engines.fixture.ts'
import { dayStartMs, observation } from '../store.fixture.ts'
import type { Observations } from './observation-types.ts'

const minute = 60_000

describe.each(engines)('observations on $name', (engine) => {
  let store: TestStore
  let observations: Observations

  beforeEach(async () => {
    store = await engine.open()
    observations = store.observations
  })
  afterEach(() => store.end())

  const all = (points = ['pv.powerKw'], bucketMs?: number) =>
    observations.range({
      site: 'park',
      points,
      fromMs: dayStartMs - 86_400_000,
      toMs: dayStartMs + 86_400_000,
      ...(bucketMs === undefined ? {} : { bucketMs }),
    })

  it('stores an observation that is sent twice once', async () => {
    await observations.put([observation(), observation()])
    await observations.put([observation()])
    expect((await all())['pv.powerKw']).toEqual({ unit: 'kW', timestampsMs: [dayStartMs], values: [1], quality: [0] })
  })

  it('corrects a value that is sent again with another one', async () => {
    await observations.put([observation({ value: 1 })])
    await observations.put([observation({ value: 2 }), observation({ value: 3, quality: quality.suspect })])
    expect((await all())['pv.powerKw']).toMatchObject({ values: [3], quality: [quality.suspect] })
  })

  it('answers latest by event time, not by arrival', async () => {
    await observations.put([observation({ timestampMs: dayStartMs + minute, value: 7 })])
    await observations.put([observation({ timestampMs: dayStartMs, value: 5 })])
    expect(await observations.latest('park')).toMatchObject([{ timestampMs: dayStartMs + minute, value: 7 }])
  })

  it('keeps two sources of one moment apart and reads the better one', async () => {
    await observations.put([
      observation({ source: 'meter', value: 9, quality: quality.suspect }),
      observation({ source: 'model', value: 8, quality: quality.estimated }),
    ])
    expect((await all())['pv.powerKw']?.values).toEqual([8])
    expect(await observations.latest('park')).toMatchObject([{ value: 8, source: 'model' }])
  })

  it('keeps missing apart from zero', async () => {
    await observations.put([
      observation({ value: Number.NaN, quality: quality.missing }),
      observation({ timestampMs: dayStartMs + minute, value: 0 }),
    ])
    const found = (await all())['pv.powerKw']
    expect(found?.values[0]).toBeNaN()
    expect(found?.values[1]).toBe(0)
    expect(found?.quality).toEqual([quality.missing, quality.good])
  })

  it('takes the mean of a bucket and the worst quality of its values; a bucket of gaps is missing', async () => {
    await observations.put([
      observation({ value: 1 }),
      observation({ timestampMs: dayStartMs + minute, value: 3, quality: quality.estimated }),
      observation({ timestampMs: dayStartMs + 2 * minute, value: Number.NaN, quality: quality.missing }),
      observation({ timestampMs: dayStartMs + 5 * minute, value: Number.NaN, quality: quality.missing }),
    ])
    const found = (await all(['pv.powerKw'], 5 * minute))['pv.powerKw']
    expect(found?.timestampsMs).toEqual([dayStartMs, dayStartMs + 5 * minute])
    expect(found?.values).toEqual([2, Number.NaN])
    expect(found?.quality).toEqual([quality.estimated, quality.missing])
  })

  it('sees nothing of another site with the same point', async () => {
    await observations.put([observation(), observation({ site: 'port', value: 2 })])
    expect((await all())['pv.powerKw']?.values).toEqual([1])
    expect(await observations.latest('nowhere')).toEqual([])
  })

  it('stores nothing of a batch that holds one bad observation', async () => {
    const bad = [
      observation({ timestampMs: 0 }),
      observation({ value: Number.POSITIVE_INFINITY }),
      observation({ value: Number.NaN }),
      observation({ quality: 9 as Quality }),
    ]
    for (const one of bad) {
      await expect(observations.put([observation(), one])).rejects.toMatchObject({ code: 'store.bad-observation' })
    }
    await expect(observations.put([observation(), observation({ unit: 'kWh' })])).rejects.toMatchObject({
      problems: [{ code: 'store.bad-observation', found: 'kWh', expected: 'kW' }],
    })
    expect(await all()).toEqual({})
    await observations.put([observation({ unit: 'kWh' })])
    expect((await all())['pv.powerKw']?.unit).toBe('kWh')
  })

  it('keeps hostile names as text', async () => {
    const point = `x'; DROP TABLE observation; --`
    await observations.put([observation({ point })])
    expect((await all([point]))[point]?.values).toEqual([1])
  })

  it('prunes one source of one site before a time', async () => {
    await observations.put([observation(), observation({ source: 'simulator' }), observation({ site: 'port' })])
    expect(await observations.prune('park', 'simulator', dayStartMs + 1)).toBe(1)
    expect((await all())['pv.powerKw']?.values).toEqual([1])
  })

  it('refuses a range that ends before it starts and a bucket under a second', async () => {
    const request = { site: 'park', points: ['pv.powerKw'], fromMs: 2000, toMs: 1000 }
    await expect(observations.range(request)).rejects.toMatchObject({ code: 'store.bad-range' })
    await expect(observations.range({ ...request, toMs: 9000, bucketMs: 10 })).rejects.toMatchObject({
      code: 'store.bad-range',
    })
  })

  it('gives the same answer whatever the order of arrival (property)', async () => {
    let run = 0
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 0, max: 500 }), { minLength: 1, maxLength: 30 }),
        fc.array(fc.nat(), { minLength: 30, maxLength: 30 }),
        async (seconds, order) => {
          const point = `p${run++}`
          const rows = seconds.map((second) =>
            observation({ point, timestampMs: dayStartMs + second * 1000, value: second }),
          )
          const shuffled = rows
            .map((row, index) => ({ row, key: order[index] ?? 0 }))
            .sort((a, b) => a.key - b.key)
            .map(({ row }) => row)
          for (let from = 0; from < shuffled.length; from += 7) await observations.put(shuffled.slice(from, from + 7))
          const sorted = [...seconds].sort((a, b) => a - b)
          expect((await all([point]))[point]?.values).toEqual(sorted)
          expect(await observations.latest('park', [point])).toMatchObject([{ value: sorted.at(-1) }])
        },
      ),
      { numRuns: 15 },
    )
  })
})
