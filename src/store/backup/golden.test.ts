import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { engines } from '../engines.fixture.ts'
import { dayStartMs } from '../store.fixture.ts'
import { dayOf, sealedMs } from './kept-store.fixture.ts'
import { restoredOn } from './restored.fixture.ts'

const golden = fileURLToPath(new URL('../golden/backup-1', import.meta.url))

/** Written by version 0.1.0 as `fillStore` says: two sealed months and a day of three points, and one of everything. */
describe.each(engines)('a backup of format 1 on $name', (engine) => {
  it('restores with everything in it, to the hash that it was written with (G12)', async () => {
    const store = await restoredOn(engine, golden)
    const { observations, documents, records, journal, backups } = store
    expect(await backups.contentHash()).toBe('006897530705609c53194923737be0e53aa1ebe905e64a3f28568127fb33dffb')
    for (const startMs of [sealedMs, Date.UTC(2026, 4, 1), dayStartMs]) {
      const found = await observations.range(dayOf(startMs, 'wind.powerKw'))
      expect(found['wind.powerKw']?.values).toEqual(Array.from({ length: 60 }, (_, minute) => 2 + minute / 8))
    }
    const day = dayOf(sealedMs, 'grid.importKwh')
    const edgesMs = Float64Array.of(day.fromMs, day.fromMs + 3_600_000)
    const { 'grid.importKwh': hour } = await observations.buckets({ site: 'park', points: day.points, edgesMs })
    expect([hour?.count[0], hour?.first[0], hour?.last[0]]).toEqual([60, 1, 1 + 59 / 8])
    // Values from more than ten minutes ahead of their arrival are none to go by.
    expect(await observations.latest('park', ['pv.powerKw'])).toMatchObject([{ timestampMs: dayStartMs + 10 * 60_000 }])
    expect(await documents.latest('plan', 'park')).toMatchObject({ version: 2, content: { name: 'Плам “é” 石榴' } })
    expect(await records.get('user', 'ada')).toMatchObject({ version: 1, content: { role: 'admin' } })
    expect(await journal.read('audit')).toMatchObject([{ number: 1, content: { what: 'sign in' } }])
    const runs = await store.engine.snapshot(async ({ evidence }) => (await evidence?.runs()) ?? [])
    if (store.engine.kind === 'postgresql') expect(runs.length).toBe(2)
    else expect((await backups.status()).evidence).toMatchObject({ runs: 2, blobs: 2 })
    expect((await backups.verify()).damagedEvidence).toEqual([])
    await store.end()
  })
})
