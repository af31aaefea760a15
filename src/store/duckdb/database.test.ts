import { spawnSync } from 'node:child_process'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dayStartMs, temporaryFolder } from '../store.fixture.ts'
import { openDuckDatabase } from './database.ts'
import { latestVersion, migrate } from './migrations.ts'

const clock = { now: () => dayStartMs }

describe('data folder', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  beforeEach(async () => {
    folder = await temporaryFolder()
  })
  afterEach(() => folder.remove())

  it('is migrated once, and again without effect', async () => {
    const first = await openDuckDatabase(folder.path)
    await migrate(first, clock)
    await first.write((sql) => sql.all(`INSERT INTO document VALUES ('k', 'n', 1, '{}', 0)`))
    await first.close()
    const second = await openDuckDatabase(folder.path)
    await migrate(second, clock)
    expect(await second.read('SELECT max(version) AS version, count(*)::INTEGER AS count FROM migration')).toEqual([
      { version: latestVersion, count: latestVersion },
    ])
    expect(await second.read('SELECT name FROM document')).toEqual([{ name: 'n' }])
    await second.close()
  })

  it('is refused when a newer version wrote it', async () => {
    const database = await openDuckDatabase(folder.path)
    await migrate(database, clock)
    await database.write((sql) => sql.all(`INSERT INTO migration VALUES (999, 'from the future', 0)`))
    await expect(migrate(database, clock)).rejects.toMatchObject({ code: 'store.newer' })
    await database.close()
  })

  it('rolls a failed transaction back and goes on', async () => {
    const database = await openDuckDatabase(folder.path)
    await migrate(database, clock)
    const failing = database.write(async (sql) => {
      await sql.all(`INSERT INTO document VALUES ('k', 'n', 1, '{}', 0)`)
      throw new Error('power cut')
    })
    await expect(failing).rejects.toThrow('power cut')
    expect(await database.read('SELECT * FROM document')).toEqual([])
    await database.write((sql) => sql.all(`INSERT INTO document VALUES ('k', 'n', 1, '{}', 0)`))
    expect(await database.read('SELECT name FROM document')).toEqual([{ name: 'n' }])
    await database.close()
  })

  it('says so when another process has it open', async () => {
    const database = await openDuckDatabase(folder.path)
    const script = `
      import { openDuckDatabase } from ${JSON.stringify(new URL('./database.ts', import.meta.url).href)}
      await openDuckDatabase(${JSON.stringify(folder.path)}).then(() => console.log('opened'), (error) => console.log(error.code))`
    const other = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
    expect(other.stdout.trim()).toBe('store.locked')
    await database.close()
  })
})
