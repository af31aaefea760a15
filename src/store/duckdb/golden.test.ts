import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { quality } from '../../kernel/index.ts'
import { partsOf } from '../open-store.ts'
import { temporaryFolder } from '../store.fixture.ts'
import { databaseFile } from './database.ts'
import { openDuckEngine } from './open-engine.ts'

const startMs = Date.UTC(2026, 6, 6)
const clock = { now: () => startMs + 86_400_000 }

/** Four hours of three points by the minute from two sources, one gap, one correction, two plans. */
describe('a data folder of version 1', () => {
  it('opens with everything in it', async () => {
    const folder = await temporaryFolder()
    const packed = readFileSync(new URL('../golden/v1.duckdb.gz', import.meta.url))
    await writeFile(databaseFile(folder.path), gunzipSync(packed))
    const engine = await openDuckEngine(folder.path, clock)
    const store = partsOf(engine, folder.path, clock)
    const { observations, documents } = store
    const range = { site: 'quarry-microgrid', fromMs: startMs, toMs: startMs + 14_400_000 }
    const found = await observations.range({ ...range, points: ['pv.powerKw', 'battery.soc', 'grid.importKw'] })
    for (const [point, unit, factor] of [
      ['pv.powerKw', 'kW', 10],
      ['battery.soc', '1', 0.01],
      ['grid.importKw', 'kW', 3],
    ] as const) {
      const expected = Array.from({ length: 240 }, (_, minute) =>
        minute === 17 ? Number.NaN : Math.round(factor * minute * 10) / 10,
      )
      // The first value of two points was corrected a second later.
      if (point !== 'grid.importKw') expected[0] = 99
      expect(found[point]).toMatchObject({ unit, values: expected })
      expect(found[point]?.quality[17]).toBe(quality.missing)
      expect(found[point]?.quality[53]).toBe(quality.synthetic)
    }
    const latest = await observations.latest('quarry-microgrid', ['pv.powerKw'])
    expect(latest).toMatchObject([{ timestampMs: startMs + 239 * 60_000, value: 2390, source: 'meter' }])
    expect(await documents.latest('plan', 'quarry-microgrid')).toMatchObject({ version: 2, content: { cost: 2 } })
    // Quarters of what was there before are made as for anything that is new.
    expect((await store.upkeep.turn()).quarters).toBe(3 * 16)
    const means = await observations.range({ ...range, points: ['grid.importKw'], bucketMs: 900_000 })
    expect(means['grid.importKw']?.values[0]).toBeCloseTo(21, 9)
    await store.close()
    await folder.remove()
  })
})
