import { describe, expect, it } from 'vitest'
import { RowBuilder, type Rows } from '../observations/rows.ts'
import { temporaryFolder } from '../store.fixture.ts'
import { openArchive } from './archive.ts'
import type { SealedFile } from './sealed-file.ts'

const names = { points: new Map([1, 2, 3, 4].map((id) => [id, `p${id}`])), sources: new Map([[1, 's']]) }
const limits = { partRows: 40, unnamedMs: 0 }

/** Thirty rows of each point in a month. */
async function* month(startMs: number): AsyncIterable<Rows> {
  const rows = new RowBuilder()
  for (const point of names.points.keys()) {
    for (let step = 0; step < 30; step += 1) {
      const eventMs = startMs + step * 3_600_000
      rows.push(point, eventMs, 1, step + point / 10, 0, eventMs + 1000)
    }
  }
  yield rows.rows()
}

async function keysOf(chunks: AsyncIterable<Rows>): Promise<readonly string[]> {
  const keys: string[] = []
  for await (const rows of chunks) {
    for (let row = 0; row < rows.count; row += 1)
      keys.push(`${rows.point[row]} ${rows.eventMs[row]} ${rows.value[row]}`)
  }
  return keys
}

describe('an archive of sealed months', () => {
  const monthsMs = { '2026-05': Date.UTC(2026, 4, 1), '2026-06': Date.UTC(2026, 5, 1), '2026-07': Date.UTC(2026, 6, 1) }

  it('tells rows of several files and months in the order of point and time', async () => {
    const folder = await temporaryFolder()
    const archive = openArchive(folder.path, limits)
    const files: SealedFile[] = []
    for (const [name, startMs] of Object.entries(monthsMs)) {
      files.push(...(await archive.writeRows(month(startMs), { site: 'park', month: name, names, sealedMs: 0 })))
    }
    expect(files.length).toBeGreaterThan(3)
    for (const points of [[1, 2, 3, 4], [3], [4, 2]]) {
      const expected: string[] = []
      for (const point of [...points].sort()) {
        for (const startMs of Object.values(monthsMs)) {
          for (let step = 0; step < 30; step += 1) {
            expected.push(`${point} ${startMs + step * 3_600_000} ${step + point / 10}`)
          }
        }
      }
      expect(await keysOf(archive.rows(files, { points, fromMs: 0, toMs: 8e15 }))).toEqual(expected)
    }
    archive.close()
    await folder.remove()
  })

  it('gives back its files where the reader leaves early', async () => {
    const folder = await temporaryFolder()
    const archive = openArchive(folder.path, limits)
    const about = { site: 'park', month: '2026-07', names, sealedMs: 0 }
    const files = await archive.writeRows(month(monthsMs['2026-07']), about)
    for await (const rows of archive.rows(files, { points: [1, 2, 3, 4], fromMs: 0, toMs: 8e15 })) {
      expect(rows.count).toBeGreaterThan(0)
      break
    }
    expect((await keysOf(archive.rows(files, { points: [4], fromMs: 0, toMs: 8e15 }))).length).toBe(30)
    archive.close()
    await folder.remove()
  })
})
