import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it, vi } from 'vitest'
import { noonMs, openTestServer } from '../server.fixture.ts'
import { fail, siteOf } from './living-park.fixture.ts'
import { startLivingPark } from './living-park.ts'

const folder = mkdtempSync(join(tmpdir(), 'mangrove-twins-'))
const file = join(folder, 'site.yaml')
writeFileSync(
  file,
  `id: small
name: Small
location: { latitude: 31.4, longitude: 119.5 }
zone: Asia/Shanghai
currency: CNY
assets:
  grid: { kind: grid, importLimitKw: 300, exportLimitKw: 100 }
  works: { kind: load, demand: 60 }
tariff:
  import: { timeOfUse: { periods: [{ name: day, pricePerKwh: 1 }] } }
gateways:
  meters:
    protocol: modbus
    host: 192.0.2.1
    period: 1s
    timeout: 1s
    retries: 0
    longestWait: 1s
    devices:
      main:
        asset: grid
        registers: [{ point: powerKw, address: 10, type: f32, unit: W }]
`,
)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('a simulated park is read through its gateways: a cable that is pulled is a gap, and ends when it is back', {
  timeout: 60_000,
}, async () => {
  const test = await openTestServer({ sites: [{ file, live: true }] })
  const startedMs = performance.now()
  const ticking = setInterval(() => {
    test.clock.nowMs = noonMs + Math.round(performance.now() - startedMs)
  }, 10)
  const { parts } = test.server
  const park = startLivingPark(siteOf(test), parts, fail)
  const faults = (...now: string[]) =>
    test.inject({ method: 'PUT', url: '/api/v1/sites/small/gateways/meters/faults', payload: { faults: now } })
  const power = async () => {
    const { points } = (await test.inject('/api/v1/observations/latest?site=small&points=grid.powerKw')).json()
    return points['grid.powerKw'] as { value: number | null; quality: string; source: string; timestampMs: number }
  }
  try {
    await vi.waitFor(async () => expect(await power()).toMatchObject({ source: 'meters' }), 30_000)
    // The load flutters.
    expect((await power()).value).toBeGreaterThan(50)
    expect((await power()).quality).toBe('estimated')
    expect((await faults('silent')).statusCode).toBe(200)
    await vi.waitFor(async () => expect(await power()).toMatchObject({ value: null, quality: 'missing' }), 15_000)
    const gapMs = (await power()).timestampMs
    await faults()
    await vi.waitFor(async () => expect(await power()).toMatchObject({ quality: 'estimated' }), 15_000)
    expect((await power()).value).toBeGreaterThan(50)
    expect((await power()).timestampMs).toBeGreaterThan(gapMs)
    expect((await faults('unplugged')).statusCode).toBe(422)
  } finally {
    await park.stop()
    clearInterval(ticking)
    await test.close()
  }
})
