import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { engines, type TestEngine, type TestStore } from '../engines.fixture.ts'
import { temporaryFolder } from '../store.fixture.ts'
import { answersOf, anyStep, take } from './random-store.fixture.ts'
import { restoredOn } from './restored.fixture.ts'

/** From each engine into each: a backup is also the way from one to the other. */
const ways = engines.flatMap((from) => engines.map((to) => ({ from, to, way: `${from.name} to ${to.name}` })))

describe.each(ways)('a backup from $way', ({ from, to }: { readonly from: TestEngine; readonly to: TestEngine }) => {
  it('gives the same content and the same answers, whatever was stored', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 1, maxLength: 14 }), fc.boolean(), async (steps, eager) => {
        const store = await from.open({ eager })
        let other: TestStore | undefined
        const folder = await temporaryFolder()
        try {
          for (const step of steps) await take(store, step)
          const backup = join(folder.path, 'back up')
          const before = await store.backups.contentHash()
          // Small parts, so that tables are cut.
          const { contentSha256 } = await store.backups.write(backup, {
            hash: true,
            limits: { rows: 20, characters: 200 },
          })
          expect(contentSha256).toBe(before)
          other = await restoredOn(to, backup)
          other.clock.nowMs = store.clock.nowMs
          expect(await other.backups.contentHash()).toBe(before)
          expect(await answersOf(other)).toEqual(await answersOf(store))
          // Both go on alike: new values, corrections, new points get ids that are free.
          for (const step of steps) {
            await take(store, step)
            await take(other, step)
          }
          expect(await other.backups.contentHash()).toBe(await store.backups.contentHash())
          expect((await other.backups.verify()).damagedEvidence).toEqual([])
        } finally {
          await Promise.all([store.end(), other?.end(), folder.remove()])
        }
      }),
      { numRuns: 4 },
    )
  }, 180_000)
})
