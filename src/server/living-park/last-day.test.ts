import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Quality, quality } from '../../kernel/index.ts'
import type { Now } from '../live-hub.ts'
import { liyang, noonMs, openTestServer, type TestServer } from '../server.fixture.ts'
import { cpuMs } from '../thread-time.fixture.ts'
import { dayMs, everything, fail, minuteMs, pointsOf, quickWait, siteOf } from './living-park.fixture.ts'
import { type LivingPark, startLivingPark } from './living-park.ts'

/**
 * How long the event loop was held at most, by what was going on. In time of this thread's processor, not of the wall, so
 * that a busy machine changes nothing.
 */
function watchTurns() {
  const watch = {
    doing: 'starting' as 'starting' | 'planning' | 'filling',
    turnsMs: { starting: [] as number[], planning: [] as number[], filling: [] as number[] },
    stop: () => clearTimeout(turn),
  }
  let before = { cpuMs: cpuMs(), doing: watch.doing }
  const look = (): void => {
    const now = { cpuMs: cpuMs(), doing: watch.doing }
    // A turn in which one thing ends and another begins belongs to what took its time: the plan.
    const doing = before.doing === 'planning' ? 'planning' : now.doing
    watch.turnsMs[doing].push(now.cpuMs - before.cpuMs)
    before = now
    turn = setTimeout(look, 1)
  }
  let turn = setTimeout(look, 1)
  return watch
}

describe('the living park of Liyang', () => {
  let test: TestServer
  let park: LivingPark
  const startMs = noonMs - dayMs
  const fractions: number[] = []
  const turns = watchTurns()
  const written = 'ac-1a.powerLimitKw'
  beforeAll(async () => {
    test = await openTestServer({ sites: [{ file: liyang, live: true }] })
    const { parts } = test.server
    // Charging begins before the park does, and has written already.
    const told = { site: 'liyang-park', point: written, unit: 'kW', value: 11, quality: quality.good as Quality }
    await test.store.observations.put([{ ...told, timestampMs: noonMs, source: 'charging' }])
    const timer = setInterval(() => fractions.push(parts.filling.get('liyang-park')?.fraction ?? -1), 5)
    const run: typeof parts.executor.run = (...args) => {
      turns.doing = 'planning'
      return parts.executor.run(...args).finally(() => {
        turns.doing = 'filling'
      })
    }
    const executor = { ...parts.executor, run }
    park = startLivingPark(siteOf(test), { ...parts, executor }, fail, quickWait(test, 0).wait)
    expect((await test.inject('/health')).json().status).toBe('filling')
    await park.alive
    turns.stop()
    clearInterval(timer)
  })
  afterAll(async () => {
    await park.stop()
    await test.close()
  })

  it('has every minute of the last day at every point, from the simulator and estimated', async () => {
    const { [written]: _, ...range } = await everything(test)
    const minutes = Array.from({ length: 1440 }, (_, k) => startMs + k * minuteMs)
    // This park holds no reserve, its vehicles give nothing back, and what gateways, commands and charging tell begins now.
    const elsewhere =
      /\.(reserve(Up|Down)Kw|givenKw|(setpoint|target|limit|powerLimit)Kw)$|^(commands|charging|[ad]c-\w+)\./
    expect(Object.keys(range).sort()).toEqual(
      pointsOf(test)
        .filter((point) => !elsewhere.test(point))
        .sort(),
    )
    for (const [point, { timestampsMs, values, quality: told }] of Object.entries(range)) {
      expect(timestampsMs.slice(0, 1440), point).toEqual(minutes)
      expect(values.every(Number.isFinite), point).toBe(true)
      expect(new Set(told), point).toEqual(new Set([1]))
    }
    for (const { source, point } of await test.store.observations.latest('liyang-park')) {
      if (point !== written) expect(source).toBe('simulator')
    }
    const now = (await test.inject('/api/v1/sites/liyang-park/now')).json()
    expect(new Set(Object.values(now.points as Now['points']).map(({ quality }) => quality))).toEqual(
      new Set(['estimated']),
    )
  })

  it('balances its bus in each step and keeps the battery in its band and the connection in its limits', async () => {
    const range = await everything(test)
    const soc = range['battery.soc']!.values
    soc.forEach((_, k) => {
      const netKw = siteOf(test).assets.reduce((net, { id, kind }) => {
        const power = range[`${id}.powerKw`]!.values[k]!
        return kind === 'load' || kind === 'ev-charging' ? net - power : net + power
      }, 0)
      expect(Math.abs(netKw), `step ${k}`).toBeLessThan(1e-6)
    })
    expect(Math.min(...soc)).toBeGreaterThanOrEqual(0.1 - 1e-6)
    expect(Math.max(...soc)).toBeLessThanOrEqual(0.95 + 1e-6)
    expect(Math.max(...soc) - Math.min(...soc)).toBeGreaterThan(0.3)
    expect(Math.max(...range['grid.powerKw']!.values)).toBeLessThanOrEqual(4000 + 1e-6)
  })

  it('follows a published plan that begins now and goes on from its state of charge', async () => {
    const plan = (await test.inject('/api/v1/sites/liyang-park/plan')).json()
    expect(plan).toMatchObject({ startMs: noonMs, publishedMs: noonMs, stepMinutes: 15, certificate: { ok: true } })
    const run = (await test.inject(`/api/v1/runs/${plan.evidence}`)).json()
    const { values } = (await everything(test))['battery.soc']!
    expect(run.input.changes.assets.battery.initialSoc).toBeCloseTo(values[1439]!, 9)
  })

  it('tells how far it is while it fills', async () => {
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b))
    expect(new Set(fractions).size).toBeGreaterThan(5)
    const health = (await test.inject('/health')).json()
    expect(health).toMatchObject({ status: 'ok', filling: { 'liyang-park': { fraction: 1, done: true } } })
  })

  it('holds the event loop for less than 25 ms at a time while it fills and plans', () => {
    const { filling, planning } = turns.turnsMs
    expect(filling.length).toBeGreaterThan(50)
    for (const turnsMs of [filling, planning]) {
      // Tests share a process and its memory, which is collected now and then: one turn in fifty may be long by that.
      const long = turnsMs.filter((turnMs) => turnMs >= 25)
      expect(long.length).toBeLessThanOrEqual(Math.ceil(turnsMs.length / 50))
      expect(Math.max(...long, 0)).toBeLessThan(300)
    }
  })
})
