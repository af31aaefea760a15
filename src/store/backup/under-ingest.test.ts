import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { quality } from '../../kernel/index.ts'
import { engines } from '../engines.fixture.ts'
import type { ObservationBatch } from '../observations/observation-batch.ts'
import { dayStartMs, temporaryFolder } from '../store.fixture.ts'
import { fillStore } from './kept-store.fixture.ts'
import { restoredOn } from './restored.fixture.ts'

const meters = Array.from({ length: 40 }, (_, meter) => `meter-${meter}.powerKw`)

/** One value of every meter at one second: they come together or not at all. */
function batchOf(number: number): ObservationBatch {
  return {
    count: meters.length,
    series: meters.map((point) => ({ site: 'park', point, unit: 'kW' })),
    sources: ['meter'],
    seriesOf: Uint32Array.from(meters.keys()),
    sourceOf: new Uint16Array(meters.length),
    timestampsMs: new Float64Array(meters.length).fill(dayStartMs + number * 1000),
    values: new Float64Array(meters.length).fill(number),
    quality: new Uint8Array(meters.length).fill(quality.good),
  }
}

describe.each(engines)('a backup on $name while observations come in (G12)', (engine) => {
  it('restores to one moment, to an equal hash, with all that was acknowledged before it', async () => {
    const store = await engine.open({ eager: true })
    const folder = await temporaryFolder()
    await fillStore(store)
    let acknowledged = -1
    let stop = false
    const ingest = (async () => {
      for (let number = 0; !stop; number += 1) {
        await store.observations.append(batchOf(number))
        acknowledged = number
        await store.journal.append('batches', { number })
      }
    })()
    const upkeep = (async () => {
      while (!stop) {
        await store.upkeep.turn()
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    })()
    while (acknowledged < 20) await new Promise((resolve) => setTimeout(resolve, 5))
    const before = acknowledged
    const backup = join(folder.path, 'backup')
    const { contentSha256 } = await store.backups.write(backup, { hash: true })
    const after = acknowledged
    stop = true
    await Promise.all([ingest, upkeep])
    expect(after, 'observations came in meanwhile').toBeGreaterThan(before)
    expect(await readdir(folder.path), 'nothing half is left').toEqual(['backup'])

    const restored = await restoredOn(engine, backup)
    expect(await restored.backups.contentHash()).toBe(contentSha256)
    const range = { site: 'park', points: meters, fromMs: dayStartMs, toMs: dayStartMs + 86_400_000 }
    const found = await restored.observations.range(range)
    const kept = found[meters[0]!]!.values
    expect(kept.length).toBeGreaterThan(before)
    expect(kept).toEqual(kept.map((_, number) => number))
    for (const meter of meters) expect(found[meter]?.values).toEqual(kept)
    const journal = await restored.journal.read<{ number: number }>('batches', { newestFirst: true, limit: 1 })
    // The line of a batch is written after the batch: never a line without its values.
    expect(journal[0]?.content.number).toBeLessThan(kept.length)
    expect(journal[0]?.content.number).toBeGreaterThanOrEqual(before - 1)
    await Promise.all([store.end(), restored.end(), folder.remove()])
  })
})
