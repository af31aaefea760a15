import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Quality, quality } from '../kernel/index.ts'
import { engines, type TestStore } from './engines.fixture.ts'
import { evenEdges } from './observations/buckets.ts'
import { batchOf } from './observations/check-batch.ts'
import type { CounterRules } from './observations/counter-rise.ts'
import { dayStartMs, observation } from './store.fixture.ts'

const minute = 60_000
const quarter = 15 * minute
const hour = 60 * minute
const day = 24 * hour
const nan = Number.NaN

/** What users of comparable systems complain about, one test a complaint. What is tested is this store, not theirs. */
describe.each(engines)('complaints about comparable systems, on $name', (engine) => {
  let store: TestStore
  /** One of its own a test. */
  let site = ''
  beforeAll(async () => {
    store = await engine.open({ eager: true })
    store.clock.nowMs = dayStartMs + 10 * day
  })
  beforeEach(({ task }) => {
    site = task.id
  })
  afterAll(() => store.end())

  const keep = async (): Promise<void> => {
    while ((await store.upkeep.turn()).more);
  }
  const put = (timeMs: number, value: number, point = 'pv.powerKw', unit = 'kW') =>
    store.observations.put([
      observation({
        site,
        point,
        unit,
        timestampMs: dayStartMs + timeMs,
        value,
        quality: (Number.isNaN(value) ? quality.missing : quality.good) as Quality,
      }),
    ])
  const buckets = async (widthMs: number, toMs: number, point = 'pv.powerKw') => {
    const edgesMs = evenEdges(dayStartMs, dayStartMs + toMs, widthMs)
    return (await store.observations.buckets({ site, points: [point], edgesMs }))[point]!
  }
  const all = async (point = 'pv.powerKw') => {
    const range = { site, points: [point], fromMs: dayStartMs - 800 * day, toMs: dayStartMs + 800 * day }
    return (await store.observations.range(range))[point]
  }

  describe('latest', () => {
    it('thingsboard/thingsboard#1769, #1264, #3119: latest is the newest event time, not the last arrival', async () => {
      await put(3 * minute, 30)
      for (const late of [1, 2, 0]) {
        await put(late * minute, late)
        await keep()
        expect(await store.observations.latest(site)).toMatchObject([
          { timestampMs: dayStartMs + 3 * minute, value: 30 },
        ])
      }
    })

    it('thingsboard-gateway#2119: a value that is sent again keeps its event time and does not look live', async () => {
      await put(0, 7)
      store.clock.nowMs += day
      await put(0, 7)
      expect(await store.observations.latest(site)).toMatchObject([{ timestampMs: dayStartMs, value: 7 }])
      expect((await all())?.values).toEqual([7])
    })

    it('thingsboard#15447: keys of one device and one moment do not hold each other back', async () => {
      for (const [at, point] of ['meter.activeKw', 'meter.reactiveKvar', 'meter.frequencyHz'].entries()) {
        await put(0, at, point, '1')
      }
      expect((await store.observations.latest(site)).map(({ point, value }) => [point, value])).toEqual([
        ['meter.activeKw', 0],
        ['meter.reactiveKvar', 1],
        ['meter.frequencyHz', 2],
      ])
    })

    it('context.Orion-LD#1650, #1390: two values with equal time stamps from two sources are both kept', async () => {
      await store.observations.put([
        observation({ site, source: 'a', value: 1 }),
        observation({ site, source: 'b', value: 1 }),
      ])
      expect(await store.observations.prune(site, 'a', dayStartMs + 1)).toBe(1)
      expect(await store.observations.latest(site)).toMatchObject([{ source: 'b' }])
    })
  })

  describe('duplicates', () => {
    it('thingsboard#12160, #330: a value that is sent as 1 and then as 1.5 is one value, and it is counted once', async () => {
      await put(0, 1)
      await put(0, 1.5)
      await keep()
      expect((await all())?.values).toEqual([1.5])
      expect(await buckets(hour, hour)).toMatchObject({ count: Uint32Array.of(1), sum: Float64Array.of(1.5) })
    })

    it('OpenEMS/openems#3798: a point that came as whole numbers takes fractions, and nothing beside it is dropped', async () => {
      await store.observations.put([
        observation({ site, point: 'ess.powerKw', value: 5000 }),
        observation({ site, point: 'ess.soc', value: 1 }),
      ])
      await store.observations.put([
        observation({ site, point: 'ess.powerKw', timestampMs: dayStartMs + minute, value: 5000.5 }),
        observation({ site, point: 'ess.soc', timestampMs: dayStartMs + minute, value: 0 }),
      ])
      expect((await all('ess.powerKw'))?.values).toEqual([5000, 5000.5])
      expect((await all('ess.soc'))?.values).toEqual([1, 0])
    })

    it('OpenEMS/openems#1177, #2043, #2880: what an edge sends again after an outage leaves no gap and no double', async () => {
      const sent = Array.from({ length: 180 }, (_, at) =>
        observation({ site, timestampMs: dayStartMs + at * minute, value: at }),
      )
      await store.observations.put(sent.filter((_, at) => at < 60 || at >= 130))
      await keep()
      expect([...(await buckets(hour, 3 * hour)).count]).toEqual([60, 0, 50])
      // It does not know what arrived, and sends more than was missing.
      await store.observations.put(sent.slice(40, 150))
      expect([...(await buckets(hour, 3 * hour)).count]).toEqual([60, 60, 60])
      await keep()
      expect([...(await buckets(hour, 3 * hour)).count]).toEqual([60, 60, 60])
    })
  })

  describe('rollups', () => {
    it('timescale/timescaledb#1428, #2285, #5455: a rollup takes in what comes late, at once', async () => {
      await put(0, 10)
      await keep()
      expect((await buckets(hour, hour)).mean[0]).toBe(10)
      await put(minute, 20)
      expect((await buckets(hour, hour)).mean[0]).toBe(15)
      await keep()
      expect((await buckets(hour, hour)).mean[0]).toBe(15)
    })

    it('timescale/timescaledb#2867: a rollup catches up with a year of history that is brought in afterwards', async () => {
      await put(0, 1)
      await keep()
      const history = Array.from({ length: 400 }, (_, at) =>
        observation({ site, timestampMs: dayStartMs - at * day, value: 2 }),
      )
      await store.observations.put(history)
      await keep()
      const edgesMs = Float64Array.of(dayStartMs - 400 * day, dayStartMs + day)
      const { 'pv.powerKw': year } = await store.observations.buckets({ site, points: ['pv.powerKw'], edgesMs })
      expect([year!.count[0], year!.sum[0]]).toEqual([400, 800])
    })

    it('timescale/timescaledb#1428: also into a month that is sealed', async () => {
      await put(0, 10)
      await keep()
      store.clock.nowMs = dayStartMs + 60 * day
      expect((await store.upkeep.seal()).map((month) => month.site)).toContain(site)
      await put(minute, 20)
      expect((await buckets(hour, hour)).mean[0]).toBe(15)
      store.clock.nowMs += 2 * day
      await store.upkeep.seal()
      expect((await buckets(hour, hour)).mean[0]).toBe(15)
      expect((await all())?.values).toEqual([10, 20])
    })

    it('OpenEMS/openems#3798: means are kept like any value; a bucket without one is missing, not zero', async () => {
      await put(0, 4)
      await put(2 * hour, nan)
      const { mean, quality: codes } = await buckets(hour, 3 * hour)
      expect([...mean]).toEqual([4, nan, nan])
      expect([...codes]).toEqual([quality.good, quality.missing, quality.missing])
    })
  })

  describe('meters', () => {
    const point = 'meter.energyKwh'
    const declare = (counter: CounterRules = {}) =>
      store.observations.declare([{ site, name: point, unit: 'kWh', rules: { counter } }])
    const read = async (...readings: readonly number[]): Promise<void> => {
      for (const [at, value] of readings.entries()) await put(at * quarter, value, point, 'kWh')
    }
    /** Energy of the whole, from single values, from rollups, and after upkeep. */
    const energyKwh = async (toMs: number) => {
      const ways = [
        [Float64Array.of(dayStartMs, dayStartMs + toMs + 1)],
        [Float64Array.of(dayStartMs, dayStartMs + toMs + quarter)],
      ]
      const found = new Set<number>()
      for (const upkeep of [false, true]) {
        if (upkeep) await keep()
        for (const [edgesMs] of ways) {
          const answer = await store.observations.buckets({ site, points: [point], edgesMs: edgesMs! })
          found.add(answer[point]!.rise![0]!)
        }
      }
      expect([...found]).toHaveLength(1)
      return [...found][0]!
    }

    it('home-assistant/core#178192, #112414: no phantom kWh after readings that were not available', async () => {
      await declare()
      await read(23_456, 23_457, nan, nan, 23_458, 23_459)
      expect(await energyKwh(5 * quarter)).toBe(3)
    })

    it('home-assistant/core#56138, #146152: no phantom kWh after a reading of zero between two of thousands', async () => {
      await declare()
      await read(23_456, 23_457, 0, 23_458, 23_459)
      expect(await energyKwh(4 * quarter)).toBe(3)
    })

    it('home-assistant/core#146152: nor after several zeros, where the meter says what it can count in an hour', async () => {
      await declare({ maxPerHour: 100 })
      await read(23_456, 23_457, 0, 0, 0, 23_458, 23_459)
      expect(await energyKwh(6 * quarter)).toBe(2)
      const { riseQuality } = await buckets(quarter, 7 * quarter, point)
      expect(riseQuality).toContain(quality.suspect)
    })

    it('home-assistant/core#112414: a meter that is changed or set to zero goes on from zero', async () => {
      await declare()
      await read(900, 910, 2, 5, 9)
      expect(await energyKwh(4 * quarter)).toBe(19)
    })

    it('home-assistant/core#178192: a meter of five digits that runs over counts on', async () => {
      await declare({ rollover: 100_000 })
      await read(99_980, 99_995, 5, 20)
      expect(await energyKwh(3 * quarter)).toBe(40)
    })

    it('home-assistant/core#178192: a gap is filled evenly, adds up, and is marked as estimated', async () => {
      await declare()
      await read(100, 101, 102)
      await put(10 * quarter, 118, point, 'kWh')
      await put(11 * quarter, 119, point, 'kWh')
      const { rise, riseQuality } = await buckets(quarter, 11 * quarter, point)
      expect([...rise!]).toEqual([1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 1])
      expect([...riseQuality!].slice(2, 10)).toEqual(Array.from({ length: 8 }, () => quality.estimated))
      expect(rise!.reduce((sum, value) => sum + value)).toBe(19)
    })

    it('home-assistant/core#56138: a wrong reading that is corrected needs no repair by hand', async () => {
      await declare()
      await read(100, 101, 9_000_000, 103)
      await keep()
      await put(2 * quarter, 102, point, 'kWh')
      expect(await energyKwh(3 * quarter)).toBe(3)
    })
  })

  describe('loss', () => {
    it('influxdata/telegraf#5536, #17200: what cannot be stored is refused by name, never dropped in silence', async () => {
      const rows = [observation({ site, value: 1 }), observation({ site, timestampMs: 0 })]
      await expect(store.observations.put(rows)).rejects.toMatchObject({
        code: 'store.bad-observation',
        problems: [{ found: 0, expected: 'whole milliseconds between 1980 and 2200' }],
      })
      expect(await all()).toBeUndefined()
    })

    it('telefonicaid/fiware-orion#4318, nats-server#7564: every batch of a burst that was acknowledged is there', async () => {
      const burst = Array.from({ length: 300 }, (_, at) =>
        observation({ site, timestampMs: dayStartMs + at * 1000, value: at }),
      )
      await Promise.all(burst.map((row) => store.observations.append(batchOf([row]))))
      expect((await all())?.values).toEqual(burst.map(({ value }) => value))
    })

    it('SignalK/signalk-server#2706: history tells who said it, and when it came', async () => {
      await store.observations.put([observation({ site, source: 'second-meter' })])
      expect(await store.observations.latest(site)).toMatchObject([
        { source: 'second-meter', receivedMs: store.clock.now() },
      ])
    })

    it('SignalK/specification#333: a value in another unit than the point’s is refused, not mixed in', async () => {
      await put(0, 5)
      await expect(put(minute, 5000, 'pv.powerKw', 'W')).rejects.toMatchObject({
        problems: [{ found: 'W', expected: 'kW' }],
      })
      expect((await all())?.values).toEqual([5])
    })
  })
})
