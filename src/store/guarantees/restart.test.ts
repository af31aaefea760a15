import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { databaseFile } from '../duckdb/database.ts'
import { openDuckEngine } from '../duckdb/open-engine.ts'
import { openStore, partsOf } from '../open-store.ts'
import { dayStartMs, movableClock, observation, temporaryFolder } from '../store.fixture.ts'

const day = 86_400_000

describe('a data folder', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  beforeEach(async () => {
    folder = await temporaryFolder()
  })
  afterEach(() => folder.remove())

  it.each([
    ['made', false],
    ['brought from version 1', true],
  ])('opens after a kill right after it was %s', async (_, old) => {
    const golden = join(import.meta.dirname, '../golden/v1.duckdb.gz')
    if (old) writeFileSync(databaseFile(folder.path), gunzipSync(readFileSync(golden)))
    const script = `
      import { openStore } from ${JSON.stringify(new URL('../open-store.ts', import.meta.url).href)}
      await (await openStore(${JSON.stringify(folder.path)})).ready()
      process.kill(process.pid, 'SIGKILL')`
    const child = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
    expect([child.signal, child.stderr]).toEqual(['SIGKILL', ''])
    const store = await openStore(folder.path)
    await store.observations.put([observation({ site: 'after' })])
    expect(await store.observations.latest('after')).toMatchObject([{ value: 1 }])
    await store.close()
  })

  it('lets the newest value be corrected after its month was sealed and the store was opened anew', async () => {
    const clock = movableClock()
    const engine = await openDuckEngine(folder.path, clock, { rows: 1, waitMs: 0 })
    const before = partsOf(engine, folder.path, clock)
    const rows = Array.from({ length: 50 }, (_, at) => observation({ timestampMs: dayStartMs + at, value: 1 }))
    await before.observations.put(rows)
    await before.upkeep.turn()
    clock.nowMs += 60 * day
    expect(await before.upkeep.seal()).toHaveLength(1)
    await before.close()
    const after = await openStore(folder.path, clock)
    await after.observations.put([observation({ timestampMs: dayStartMs + 49, value: 2 })])
    expect(await after.observations.latest('park')).toMatchObject([{ timestampMs: dayStartMs + 49, value: 2 }])
    await after.close()
  })
})
