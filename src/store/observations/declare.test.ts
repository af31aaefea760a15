import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { engines, type TestStore } from '../engines.fixture.ts'
import { dayStartMs, observation } from '../store.fixture.ts'

const day = 86_400_000
const quarter = 900_000

describe.each(engines)('points that are declared on $name', (engine) => {
  let store: TestStore
  beforeEach(async () => {
    store = await engine.open({ eager: true })
  })
  afterEach(() => store.end())

  const declare = (rules: object) =>
    store.observations.declare([{ site: 'park', name: 'meter.energyKwh', unit: 'kWh', rules }])
  const reading = (timestampMs: number, value: number) =>
    observation({ point: 'meter.energyKwh', unit: 'kWh', timestampMs, value })
  const rises = async () => {
    const edgesMs = Float64Array.from({ length: 5 }, (_, edge) => dayStartMs + edge * quarter)
    const { 'meter.energyKwh': found } = await store.observations.buckets({
      site: 'park',
      points: ['meter.energyKwh'],
      edgesMs,
    })
    return found?.rise && [...found.rise]
  }

  it('count by rules that came after their values', async () => {
    const values = [99_990, 99_998, 4, 10, 20]
    await store.observations.put(values.map((value, k) => reading(dayStartMs + k * quarter, value)))
    store.clock.nowMs += day
    while ((await store.upkeep.turn()).more);
    expect(await rises()).toBeUndefined()
    await declare({ counter: { rollover: 100_000 } })
    while ((await store.upkeep.turn()).more);
    expect(await rises()).toEqual([8, 6, 6, 10])
    await declare({ counter: {} })
    expect(await rises()).toEqual([8, 4, 6, 10])
  })

  it('keep the quarters of values that their retention has dropped, also when rules change', async () => {
    await declare({ retentionDays: 5 })
    store.clock.nowMs = dayStartMs + quarter
    await store.observations.put([reading(dayStartMs, 3), reading(dayStartMs + 1000, 5)])
    store.clock.nowMs += day
    await store.upkeep.turn()
    store.clock.nowMs += 9 * day
    await store.observations.put([reading(store.clock.nowMs - 1000, 8)])
    await store.upkeep.turn()
    await store.upkeep.seal()
    const range = { site: 'park', points: ['meter.energyKwh'], fromMs: dayStartMs, toMs: dayStartMs + quarter }
    expect((await store.observations.range(range))['meter.energyKwh']?.values).toEqual([])
    const mean = async () =>
      (await store.observations.range({ ...range, bucketMs: quarter }))['meter.energyKwh']?.values
    expect(await mean()).toEqual([4])
    await declare({ retentionDays: 4 })
    while ((await store.upkeep.turn()).more);
    expect(await mean()).toEqual([4])
    await expect(store.observations.put([reading(dayStartMs + 2000, 9)])).rejects.toMatchObject({
      code: 'store.bad-observation',
    })
  })

  it('leave sealed months when their retention is over, beside others that stay', async () => {
    await declare({ retentionDays: 60 })
    const other = { point: 'pv.powerKw', timestampMs: dayStartMs }
    await store.observations.put([reading(dayStartMs, 3), observation({ ...other, value: 7 })])
    store.clock.nowMs += 50 * day
    await store.observations.put([reading(store.clock.nowMs, 4)])
    expect(await store.upkeep.seal()).toEqual([{ site: 'park', month: '2026-07' }])
    const range = {
      site: 'park',
      points: ['meter.energyKwh', 'pv.powerKw'],
      fromMs: dayStartMs,
      toMs: dayStartMs + quarter,
    }
    const values = async (bucket = {}) => {
      const found = await store.observations.range({ ...range, ...bucket })
      return [found['meter.energyKwh']?.values, found['pv.powerKw']?.values]
    }
    expect(await values()).toEqual([[3], [7]])
    store.clock.nowMs += 60 * day
    await store.observations.put([reading(store.clock.nowMs, 5)])
    expect(await store.upkeep.seal()).toContainEqual({ site: 'park', month: '2026-07' })
    expect(await values()).toEqual([[], [7]])
    expect(await values({ bucketMs: quarter })).toEqual([[3], [7]])
    expect(await store.upkeep.seal()).not.toContainEqual({ site: 'park', month: '2026-07' })
  })

  it('are sealed from what has just arrived, too', async () => {
    const late = await engine.open()
    await late.observations.put([reading(dayStartMs - 60 * day, 1)])
    expect(await late.upkeep.seal()).toEqual([{ site: 'park', month: '2026-05' }])
    await late.end()
  })
})
