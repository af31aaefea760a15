import { copyFile, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MangroveError } from '../../kernel/index.ts'
import { openedAt } from '../backup/restored.fixture.ts'
import { dayStartMs, observation, temporaryFolder } from '../store.fixture.ts'

/**
 * DuckDB keeps a checksum with every block of 256 KiB and with every entry of its log; a block is checked when it is
 * read. What is told here is what it does with bytes that changed.
 */
describe('a database file of which bytes changed (G7)', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let hash: string
  let database: Buffer
  let log: Buffer
  beforeAll(async () => {
    folder = await temporaryFolder()
    const store = await openedAt(join(folder.path, 'whole'))
    const rows = Array.from({ length: 20_000 }, (_, at) =>
      observation({ point: `p${at % 20}`, timestampMs: dayStartMs + at * 50, value: Math.sin(at) }),
    )
    await store.observations.put(rows)
    await store.records.put('user', 'ada', { role: 'admin' })
    await store.engine.database.write((sql) => sql.all('SELECT 1'))
    await store.end()
    const again = await openedAt(join(folder.path, 'whole'))
    // What comes after the checkpoint stands in the log alone.
    await again.documents.put('plan', 'park', { cost: 1 })
    await again.observations.put(rows.slice(0, 100).map((row) => ({ ...row, value: 7 })))
    hash = await again.backups.contentHash()
    const file = join(folder.path, 'whole/mangrove.duckdb')
    await copyFile(file, join(folder.path, 'database'))
    await copyFile(`${file}.wal`, join(folder.path, 'log'))
    database = await readFile(join(folder.path, 'database'))
    log = await readFile(join(folder.path, 'log'))
    await again.end()
  })
  afterAll(() => folder.remove())

  /** @returns the hash of all that is read, or the code of the error; the files stay as they are where there is one */
  async function tried(changed: { readonly database?: Buffer; readonly log?: Buffer }): Promise<string> {
    const path = join(folder.path, 'tried')
    await rm(path, { recursive: true, force: true })
    await mkdir(path)
    const given = { database, log, ...changed }
    const file = join(path, 'mangrove.duckdb')
    await writeFile(file, given.database)
    await writeFile(`${file}.wal`, given.log)
    let store: Awaited<ReturnType<typeof openedAt>> | undefined
    try {
      store = await openedAt(path)
      return await store.backups.contentHash()
    } catch (error) {
      expect(error, String(error)).toBeInstanceOf(MangroveError)
      if (!store) expect((await readFile(file)).equals(given.database), 'the file is as it was found').toBe(true)
      return (error as MangroveError).code
    } finally {
      await store?.end()
      expect((await stat(file)).size).toBeGreaterThanOrEqual(Math.min(given.database.length, database.length))
    }
  }

  it('opens with all that was in it, or fails with a clear error, wherever a byte is turned; never empty', async () => {
    const places = [0, 8, 100, 4096, 4104, 8192, 8200, 12_288, 12_300]
    for (let part = 0; part < 9; part += 1) places.push(Math.floor((database.length * (part + 0.5)) / 9))
    const found: string[] = []
    for (const place of places) {
      const bytes = Buffer.from(database)
      bytes[place] = bytes[place]! ^ 0xff
      found.push(await tried({ database: bytes }))
    }
    for (const one of found) expect([hash, 'store.damaged', 'store.unreadable']).toContain(one)
    expect(new Set(found).size).toBeGreaterThan(1)
  })

  it('fails with a clear error where it was cut off', async () => {
    for (const length of [100, 5000, Math.floor(database.length / 2), database.length - 1]) {
      const found = await tried({ database: database.subarray(0, length) })
      expect([hash, 'store.damaged', 'store.unreadable'], `cut at ${length}`).toContain(found)
    }
  })

  it('does not pass over a change in its log in silence', async () => {
    for (let part = 0; part < 8; part += 1) {
      const bytes = Buffer.from(log)
      const place = Math.floor(((bytes.length - 1) * (part + 0.5)) / 8)
      bytes[place] = bytes[place]! ^ 0xff
      const found = await tried({ log: bytes })
      expect([hash, 'store.damaged', 'store.unreadable'], `log byte ${place} of ${log.length}`).toContain(found)
    }
  })
})
