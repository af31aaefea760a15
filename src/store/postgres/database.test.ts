import { createServer } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { hashOf, sha256Hex } from '../../kernel/index.ts'
import { partsOf } from '../open-store.ts'
import { observation } from '../store.fixture.ts'
import { openPostgresDatabase, type PostgresDatabase } from './database.ts'
import { createPostgresEvidence } from './evidence.ts'
import { latestVersion, migrate } from './migrations.ts'
import { openPostgresEngine } from './open-engine.ts'
import { describeWithServer } from './postgres.fixture.ts'
import { createPostgresRunList } from './run-index.ts'
import { ask, newSchema } from './test-schema.fixture.ts'

const clock = { now: () => 0 }

await describeWithServer('a schema of PostgreSQL', (server) => {
  const { url } = server
  const schema = newSchema()
  let database: PostgresDatabase
  beforeEach(async () => {
    await ask(url, `DROP SCHEMA IF EXISTS ${schema} CASCADE`)
    database = await openPostgresDatabase(url, schema, { reads: 2, writes: 3 })
  })
  afterEach(() => database.close())

  it('is migrated once by nodes that start at the same moment', async () => {
    await Promise.all(Array.from({ length: 4 }, () => migrate(database, clock)))
    expect(await database.read('SELECT version FROM migration ORDER BY version')).toEqual(
      Array.from({ length: latestVersion }, (_, index) => ({ version: index + 1 })),
    )
  })

  it('carries the site in the key of every large table', async () => {
    await migrate(database, clock)
    const rows = await database.read(
      `SELECT relname::text AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
         JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY(i.indkey) AND a.attname = 'site_id'
       WHERE i.indisprimary AND c.relnamespace = $1::regnamespace ORDER BY relname`,
      [schema],
    )
    expect(rows.map(({ name }) => name)).toEqual(['newest', 'observation', 'quarter', 'stale', 'stale_round'])
  })

  it('is refused when a newer version wrote it', async () => {
    await migrate(database, clock)
    await database.write((sql) => sql.all(`INSERT INTO migration VALUES (999, 'from the future', 0)`))
    await expect(migrate(database, clock)).rejects.toMatchObject({ code: 'store.newer' })
  })

  it('is refused on a server that is too old', async () => {
    const old: PostgresDatabase = { ...database, read: async () => [{ version: 120_022 }] }
    await expect(migrate(old, clock)).rejects.toMatchObject({
      code: 'store.too-old',
      problems: [{ found: 'PostgreSQL 12', expected: 'PostgreSQL 13 or newer' }],
    })
  })

  it('of version 1 gets a list of the runs it holds, but for those that are damaged', async () => {
    await migrate(database, clock)
    const evidence = createPostgresEvidence(database)
    const runs = createPostgresRunList(database)
    const made = Array.from({ length: 120 }, (_, seed) => {
      const input = JSON.stringify({ site: `park-${seed % 2}`, note: 'a \u0000 b', seed })
      const inputSha256 = sha256Hex(input)
      const about = { engine: 'energy.plan', engineVersion: '1.0.0', clockMs: 1000 + seed, seed }
      const rest = { ...about, inputSha256, outputSha256: inputSha256, readings: [] }
      return { record: { id: hashOf(rest), ...rest }, texts: new Map([[inputSha256, input]]) }
    })
    for (const one of made) await evidence.put(one.record, one.texts)
    const before = await runs.list({ limit: 200 })
    expect(before).toHaveLength(120)
    const [cut, foreign, lost] = made
    const damage = (text: string) => database.write((sql) => sql.all(text))
    await damage(`UPDATE evidence_run SET content = left(content, 40) WHERE id = '${cut?.record.id}'`)
    await damage(`UPDATE evidence_run SET content = '[]' WHERE id = '${foreign?.record.id}'`)
    await damage(`DELETE FROM evidence_blob WHERE sha256 = '${lost?.record.inputSha256}'`)
    // As version 1 left it.
    for (const table of ['run_index', 'stale_round']) await damage(`DROP TABLE ${table}`)
    await damage('ALTER TABLE stale DROP COLUMN round')
    await damage('DELETE FROM migration WHERE version >= 2')
    await migrate(database, clock)
    const after = await runs.list({ limit: 200 })
    const left = before.filter(({ id }) => id !== cut?.record.id && id !== foreign?.record.id)
    expect(after.filter(({ id }) => id !== lost?.record.id)).toEqual(left.filter(({ id }) => id !== lost?.record.id))
    expect(after.find(({ id }) => id === lost?.record.id)).toEqual({
      id: lost?.record.id,
      engine: 'energy.plan',
      clockMs: 1002,
    })
  })

  it('rolls a failed transaction back and goes on', async () => {
    await migrate(database, clock)
    const failing = database.write(async (sql) => {
      await sql.all(`INSERT INTO document VALUES ('k', 'n', 1, '{}', 0)`)
      throw new Error('power cut')
    })
    await expect(failing).rejects.toThrow('power cut')
    expect(await database.read('SELECT * FROM document')).toEqual([])
    await database.write((sql) => sql.all(`INSERT INTO document VALUES ('k', 'n', 1, '{}', 0)`))
    expect(await database.read('SELECT name FROM document')).toEqual([{ name: 'n' }])
  })

  it('does a transaction again that another stood in the way of', async () => {
    await migrate(database, clock)
    await database.write((sql) => sql.all(`INSERT INTO record VALUES ('k', 'n', 1, 0, '1')`))
    let tries = 0
    await database.transaction(async (sql) => {
      tries += 1
      await sql.all('SELECT 1')
      if (tries === 1) await database.write((other) => other.all(`UPDATE record SET content = '2'`))
      await sql.all(`UPDATE record SET content = content || '3'`)
    }, 'REPEATABLE READ')
    expect(tries).toBe(2)
    expect(await database.read('SELECT content FROM record')).toEqual([{ content: '23' }])
  })

  it('ends two that wait for each other by doing one of them again', async () => {
    await migrate(database, clock)
    await database.write((sql) => sql.all(`INSERT INTO record VALUES ('k', 'a', 1, 0, ''), ('k', 'b', 1, 0, '')`))
    const both = Promise.withResolvers<void>()
    let waiting = 0
    let tries = 0
    const touch = (first: string, second: string) =>
      database.transaction(async (sql) => {
        tries += 1
        await sql.all(`UPDATE record SET content = content || 'x' WHERE key = $1`, [first])
        waiting += 1
        if (waiting === 2) both.resolve()
        await both.promise
        await sql.all(`UPDATE record SET content = content || 'x' WHERE key = $1`, [second])
      })
    await Promise.all([touch('a', 'b'), touch('b', 'a')])
    expect(tries).toBe(3)
    expect(await database.read('SELECT content FROM record')).toEqual([{ content: 'xx' }, { content: 'xx' }])
  })

  it('tells a full disk, and text that cannot be kept, by name', async () => {
    const full = database.write((sql) =>
      sql.all(`DO $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$`),
    )
    await expect(full).rejects.toMatchObject({ code: 'store.full', status: 507 })
    await migrate(database, clock)
    const zero = database.write((sql) => sql.all(`INSERT INTO journal VALUES ($1, 1, 0, '')`, ['a\u0000b']))
    await expect(zero).rejects.toMatchObject({ code: 'store.bad-id', status: 400 })
    await database.write((sql) => sql.all(`INSERT INTO journal VALUES ('a', 1, 0, '')`))
  })

  it('tells that there is no server, a wrong password or no such database, without the password', async () => {
    const probe = createServer()
    await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
    const { port } = probe.address() as { port: number }
    await new Promise((resolve) => probe.close(resolve))
    const secret = 'not-the-password'
    for (const [address, code] of [
      [`postgres://postgres:${secret}@127.0.0.1:${port}/postgres`, 'store.unreachable'],
      [url.replace(/:[^:@]+@/, `:${secret}@`), 'store.denied'],
      [url.replace(/postgres$/, 'nowhere'), 'store.denied'],
      ['mysql://somewhere', 'store.denied'],
    ] as const) {
      const error: unknown = await openPostgresEngine(address, clock).catch((caught: unknown) => caught)
      expect(error).toMatchObject({ code })
      expect((error as Error).message).not.toContain(secret)
    }
  })

  it('fails by name while the server is gone, and goes on when it is back', async () => {
    const engine = await openPostgresEngine(url, clock, { schema, reads: 2, writes: 2 })
    const { observations } = partsOf(engine, 'unused', { now: () => observation().timestampMs })
    await observations.put([observation()])
    const begun = Promise.withResolvers<void>()
    const holding = engine.database.write(async (sql) => {
      await sql.all('SELECT 1')
      begun.resolve()
      await sql.all('SELECT pg_sleep(30)')
    })
    const broken = expect(holding).rejects.toMatchObject({ code: 'store.unreachable', status: 503 })
    await begun.promise
    await server.stop()
    try {
      await broken
      await expect(observations.put([observation({ value: 2 })])).rejects.toMatchObject({ code: 'store.unreachable' })
      await expect(observations.latest('park')).rejects.toMatchObject({ code: 'store.unreachable' })
    } finally {
      await server.start()
    }
    expect(await observations.latest('park')).toMatchObject([{ value: 1 }])
    await observations.put([observation({ value: 3 })])
    expect(await observations.latest('park')).toMatchObject([{ value: 3 }])
    await engine.close()
  })
})
