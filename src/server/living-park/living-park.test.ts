import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { noonMs, openTestServer, type TestServer } from '../server.fixture.ts'
import { everything, fail, minuteMs, quickWait, siteOf } from './living-park.fixture.ts'
import { startLivingPark } from './living-park.ts'

/** A park whose plans take a moment. */
const smallPark = `id: small
name: Small
location: { latitude: 31.4, longitude: 119.5 }
zone: Asia/Shanghai
currency: CNY
assets:
  grid: { kind: grid, importLimitKw: 300, exportLimitKw: 100 }
  roof: { kind: pv, capacityKwp: 100, production: [0, 0, 0, 0, 0, 0, 5, 20, 40, 60, 70, 80, 80, 75, 60, 45, 30, 10, 2, 0, 0, 0, 0, 0] }
  battery: { kind: battery, capacityKwh: 100, maxChargeKw: 40, maxDischargeKw: 40, initialSoc: 0.95 }
  works: { kind: load, demand: 60 }
tariff:
  import: { timeOfUse: { periods: [{ name: night, pricePerKwh: 0.3, from: "22:00", to: "07:00" }, { name: day, pricePerKwh: 1 }] } }
`
const folder = mkdtempSync(join(tmpdir(), 'mangrove-park-'))
const smallFile = join(folder, 'small.yaml')
writeFileSync(smallFile, smallPark)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('a living park', () => {
  const open = () => openTestServer({ sites: [{ file: smallFile, live: true }] })
  const planOf = async (test: TestServer) => (await test.inject('/api/v1/sites/small/plan')).json()

  it('lives by the second, keeps every tenth, and plans anew each quarter of an hour', async () => {
    const test = await open()
    test.clock.nowMs = noonMs + 14 * minuteMs + 50_000
    const seen: number[] = []
    test.server.parts.hub.subscribe('small', ({ timestampMs }) => seen.push(timestampMs))
    const { wait, lived } = quickWait(test, 60)
    const park = startLivingPark(siteOf(test), test.server.parts, fail, wait)
    await lived
    await vi.waitFor(async () => expect((await planOf(test)).startMs).toBe(noonMs + 15 * minuteMs), 20_000)
    await park.stop()
    const firstMs = noonMs + 14 * minuteMs + 50_000
    expect(seen).toEqual(Array.from({ length: 61 }, (_, k) => firstMs + k * 1000))
    const { timestampsMs } = (await everything(test))['grid.powerKw']!
    expect(timestampsMs.filter((timestampMs) => timestampMs >= firstMs)).toEqual(
      Array.from({ length: 7 }, (_, k) => firstMs + k * 10_000),
    )
    await test.close()
  })

  it('follows the plan that it published last', async () => {
    const test = await open()
    const { parts } = test.server
    let plans = 0
    const run: typeof parts.executor.run = async (...args) => {
      const plan = await parts.executor.run(...args)
      plans += 1
      const series = plan.series as Record<string, number[]>
      return { ...plan, series: { ...series, 'battery.powerKw': series['battery.soc']!.map(() => plans) } }
    }
    const { wait, lived } = quickWait(test, 3)
    const executor = { ...parts.executor, run }
    const park = startLivingPark(siteOf(test), { ...parts, executor }, fail, wait)
    await lived
    await park.stop()
    expect(plans).toBe(2)
    expect(parts.hub.newest('small')?.points['battery.powerKw']?.value).toBe(2)
    await test.close()
  })

  it('that starts again on the same store goes on and changes nothing that is stored', async () => {
    const test = await open()
    const first = startLivingPark(siteOf(test), test.server.parts, fail, quickWait(test, 0).wait)
    await first.alive
    await first.stop()
    const before = (await everything(test))['grid.powerKw']!
    test.clock.nowMs += 60 * minuteMs
    const again = startLivingPark(siteOf(test), test.server.parts, fail, quickWait(test, 0).wait)
    await again.alive
    await again.stop()
    const after = (await everything(test))['grid.powerKw']!
    expect(after.timestampsMs.slice(0, before.timestampsMs.length)).toEqual(before.timestampsMs)
    expect(after.values.slice(0, before.values.length)).toEqual(before.values)
    expect(after.timestampsMs.length).toBe(before.timestampsMs.length + 60)
    expect(new Set(after.timestampsMs).size).toBe(after.timestampsMs.length)
    expect(after.values.every(Number.isFinite)).toBe(true)
    await test.close()
  })

  it('stops promptly at any moment of its life', async () => {
    const test = await open()
    // The threads that solve have begun: waiting for them is not the park's.
    const input = { site: 'small', hours: 1, step: '1h' }
    await test.inject({ method: 'POST', url: '/api/v1/engines/energy.plan', payload: input })
    for (const delayMs of [0, 5, 30, 100, 300]) {
      const park = startLivingPark(siteOf(test), test.server.parts, fail)
      await new Promise((resolve) => setTimeout(resolve, delayMs))
      const began = performance.now()
      await park.stop()
      expect(performance.now() - began, `after ${delayMs} ms`).toBeLessThan(1000)
      await park.alive
    }
    await test.close()
  })

  it('goes on without a plan when planning fails, reports it, and tries again in the next quarter', async () => {
    const test = await open()
    test.clock.nowMs = noonMs + 14 * minuteMs + 50_000
    const { parts } = test.server
    const reports: string[] = []
    let broken = true
    const executor = {
      ...parts.executor,
      run: (...args: Parameters<typeof parts.executor.run>) =>
        broken ? Promise.reject(new Error('no solver')) : parts.executor.run(...args),
    }
    const { wait, lived } = quickWait(test, 15)
    const park = startLivingPark(
      siteOf(test),
      { ...parts, executor, report: (_, message) => reports.push(message) },
      fail,
      wait,
    )
    await expect(park.alive).rejects.toThrow('no solver')
    broken = false
    expect(reports).toEqual([expect.stringContaining('follows no plan'), expect.stringContaining('without a plan')])
    await lived
    await vi.waitFor(async () => expect((await planOf(test)).startMs).toBe(noonMs + 15 * minuteMs), 20_000)
    await park.stop()
    expect(reports).toHaveLength(2)
    await test.close()
  })

  it('that cannot begin says why and is no longer filling', async () => {
    const test = await open()
    const { parts } = test.server
    const data = { ...parts.data, series: () => Promise.reject(new Error('no file')) }
    const failures: unknown[] = []
    const park = startLivingPark(siteOf(test), { ...parts, data }, (error) => failures.push(error))
    await expect(park.alive).rejects.toThrow('no file')
    await park.stop()
    expect(failures).toHaveLength(1)
    expect((await test.inject('/health')).json()).toMatchObject({ status: 'ok', filling: {} })
    await test.close()
  })
})
