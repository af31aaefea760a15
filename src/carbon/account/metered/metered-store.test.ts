import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { energyPack } from '../../../energy/index.ts'
import { fixedClock, type Quality, quality, replayRun, runEngine, type SolverPort } from '../../../kernel/index.ts'
import { createFileData, openStore, type Store } from '../../../store/index.ts'
import { temporaryFolder } from '../../../store/store.fixture.ts'
import { accountEngine } from '../account.ts'
import type { AccountOutput } from '../schema.ts'

const site = `
id: park
name: Park with meters
location: { latitude: 31.4, longitude: 119.5, altitudeM: 10 }
zone: Asia/Shanghai
currency: CNY
assets: { grid: { kind: grid, importLimitKw: 1000 } }
points:
  grid.importKwh: { title: Import, unit: kWh, counter: {} }
`
const inventory = `
period: { from: 2026-07-06, to: 2026-07-08 }
region: CN-JS
activities:
  - { id: by-power, activity: electricity, meter: grid.powerKw, gaps: like-hours }
  - { id: by-counter, activity: electricity, meter: grid.importKwh }
`
/** Midnight of 6 July in Shanghai. */
const startMs = Date.UTC(2026, 6, 5, 16)
const minuteMs = 60_000

describe('meters of a store', () => {
  let store: Store
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  beforeAll(async () => {
    folder = await temporaryFolder()
    writeFileSync(join(folder.path, 'site.yaml'), site)
    writeFileSync(join(folder.path, 'inventory-2026.yaml'), inventory)
    store = await openStore(join(folder.path, 'data'), fixedClock(startMs + 3 * 86_400_000), {})
    const row = { site: 'park', quality: quality.good as Quality, source: 'meter' }
    const readings = Array.from({ length: 2 * 288 + 1 }, (_, k) => {
      const timestampMs = startMs + k * 5 * minuteMs
      const power = { ...row, point: 'grid.powerKw', unit: 'kW', timestampMs, value: 120 }
      const counter = { ...row, point: 'grid.importKwh', unit: 'kWh', timestampMs, value: 700 + 10 * k }
      // Of two hours of the second morning the power is not known.
      return k >= 399 && k < 423 ? [counter] : [power, counter]
    })
    await store.observations.put(readings.flat())
  })
  afterAll(async () => {
    await store?.close()
    await folder?.remove()
  })

  it('give power and counter the same energy, and evidence gives it again without them', async () => {
    const data = await createFileData({ packs: [energyPack], store })
    const input = {
      ...{ site: join(folder.path, 'site.yaml'), period: { from: '2026-07-06', to: '2026-07-08' } },
    }
    const ports = { data, solver: {} as SolverPort, clock: fixedClock(startMs) }
    const { output, record, blobs } = await runEngine<AccountOutput>(accountEngine, input, ports)
    expect(output.metered.map(({ id, reads, amount }) => [id, reads, amount])).toEqual([
      ['by-power', 'power', '5760.000'],
      ['by-counter', 'counter', '5760.000'],
    ])
    const [power, counter] = output.metered
    expect(power?.coverage).toBeCloseTo(1 - 8 / 192, 9)
    expect(power?.estimatedShare).toBeCloseTo(8 / 192, 9)
    expect(counter).toMatchObject({ coverage: 1, estimatedShare: 0, qualityShares: { good: 1 } })
    // 11,520 kWh of Jiangsu 2023, 0.5827.
    expect(output.sums.scope2LocationKgCo2e).toBe('6712.704')
    const evidence = {
      put: async () => undefined,
      record: async () => record,
      blob: async (hash: string) => blobs.get(hash),
    }
    const again = await replayRun(record.id, {
      engines: new Map([[accountEngine.id, accountEngine]]),
      evidence,
      solver: {} as SolverPort,
    })
    expect(again).toMatchObject({ identical: true })
  })
})
