import { spawnSync } from 'node:child_process'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from './database.ts'
import { latestVersion, migrate } from './migrations.ts'
import { dayStartMs, temporaryFolder } from './store.fixture.ts'

const clock = { now: () => dayStartMs }

describe('data folder', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  beforeEach(async () => {
    folder = await temporaryFolder()
  })
  afterEach(() => folder.remove())

  it('is migrated once, and again without effect', async () => {
    const first = await openDatabase(folder.path)
    await migrate(first, clock)
    await first.write((connection) => connection.run(`INSERT INTO document VALUES ('k', 'n', 1, '{}', 0)`))
    await first.close()
    const second = await openDatabase(folder.path)
    await migrate(second, clock)
    expect(await second.read('SELECT version FROM migration')).toEqual([{ version: latestVersion }])
    expect(await second.read('SELECT name FROM document')).toEqual([{ name: 'n' }])
    await second.close()
  })

  it('is refused when a newer version wrote it', async () => {
    const database = await openDatabase(folder.path)
    await migrate(database, clock)
    await database.write((connection) => connection.run(`INSERT INTO migration VALUES (999, 'from the future', 0)`))
    await expect(migrate(database, clock)).rejects.toMatchObject({ code: 'store.newer' })
    await database.close()
  })

  it('rolls a failed transaction back and goes on', async () => {
    const database = await openDatabase(folder.path)
    await migrate(database, clock)
    const failing = database.write(async (connection) => {
      await connection.run(`INSERT INTO document VALUES ('k', 'n', 1, '{}', 0)`)
      throw new Error('power cut')
    })
    await expect(failing).rejects.toThrow('power cut')
    expect(await database.read('SELECT * FROM document')).toEqual([])
    await database.write((connection) => connection.run(`INSERT INTO document VALUES ('k', 'n', 1, '{}', 0)`))
    expect(await database.read('SELECT name FROM document')).toEqual([{ name: 'n' }])
    await database.close()
  })

  it('says so when another process has it open', async () => {
    const database = await openDatabase(folder.path)
    const script = `
      import { openDatabase } from ${JSON.stringify(new URL('./database.ts', import.meta.url).href)}
      await openDatabase(${JSON.stringify(folder.path)}).then(() => console.log('opened'), (error) => console.log(error.code))`
    const other = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
    expect(other.stdout.trim()).toBe('store.locked')
    await database.close()
  })
})
