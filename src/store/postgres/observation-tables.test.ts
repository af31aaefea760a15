import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Quarter } from '../observations/quarters.ts'
import { dayStartMs } from '../store.fixture.ts'
import { createAppending } from './append-rows.ts'
import type { PostgresDatabase } from './database.ts'
import { createMarks } from './marks.ts'
import { describeWithServer, plainRows, rowsFrom } from './postgres.fixture.ts'
import { type LentEngine, lendEngine } from './test-schema.fixture.ts'

const quarterMs = 900_000
const range = (points: readonly number[]) => ({ points, fromMs: dayStartMs - 1e10, toMs: dayStartMs + 1e10 })
const laterMs = dayStartMs + 1e9
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

const quarter = (point: number, startMs: number, sum: number): Quarter => ({
  point,
  startMs,
  count: 1,
  sum,
  min: sum,
  max: sum,
  firstMs: startMs,
  first: sum,
  lastMs: startMs,
  last: sum,
  rise: 0,
  quality: 0,
})

await describeWithServer('tables of observations in PostgreSQL', ({ url }) => {
  let lent: LentEngine
  let ids: readonly number[]
  let source: number
  beforeEach(async () => {
    lent = await lendEngine(url, { now: () => 0 })
    const { tables } = lent.engine
    const points = await tables.ensurePoints(['a', 'b', 'c'].map((name) => ({ site: 'park', name, unit: 'kW' })))
    ids = points.map(({ id }) => id)
    source = (await tables.ensureSources(['meter', 'edge']))[0]!
  })
  afterEach(() => lent.giveBack())
  const at = (point: number, offsetMs: number, value: number) => ({
    point: ids[point]!,
    eventMs: dayStartMs + offsetMs,
    source,
    value,
  })

  it('keep every bit of a value, and of what is made of values', async () => {
    const { tables } = lent.engine
    const values = [-0, 5e-324, 1e308, Number.NaN, 0.1 + 0.2]
    await tables.append(
      rowsFrom(values.map((value, index) => ({ ...at(0, index, value), quality: Number.isNaN(value) ? 4 : 0 }))),
    )
    const found = (await plainRows(tables.rows(range(ids)))).map(({ value }) => value)
    expect(found.map((value, index) => Object.is(value, values[index]))).toEqual(values.map(() => true))
    const odd = { ...quarter(ids[0]!, dayStartMs, -0), min: 5e-324, max: Number.NaN, first: 1e308, lastMs: Number.NaN }
    await tables.refresh(laterMs, 10, async () => [odd])
    const { quarters, stale } = await tables.quarters(range(ids))
    expect(stale).toEqual([])
    expect(quarters).toEqual([odd])
    expect(Object.is(quarters[0]?.sum, -0)).toBe(true)
  })

  it('stream rows of many points in order, across chunks and beside writers', async () => {
    const { tables } = lent.engine
    const [, edge = 0] = await tables.ensureSources(['meter', 'edge'])
    const rows = ids.flatMap((_, point) =>
      Array.from({ length: 9000 }, (_, index) => ({
        ...at(point, Math.floor(index / 2) * 1000, index),
        source: index % 2 === 0 ? source : edge,
      })),
    )
    await tables.append(rowsFrom(rows.toReversed()))
    const chunks = []
    for await (const chunk of tables.rows(range(ids))) {
      chunks.push(chunk)
      // What comes meanwhile is not in what was begun.
      if (chunks.length === 1) await tables.append(rowsFrom([at(2, 5e6 + 1, -1)]))
    }
    expect(Math.max(...chunks.map(({ count }) => count))).toBeLessThanOrEqual(8192)
    const found = await plainRows(chunks)
    expect(found.length).toBe(rows.length)
    expect(found.map(({ value }) => value)).toEqual(rows.map(({ value }) => value))
    expect(found.map(({ point }) => point)).toEqual(rows.map(({ point }) => point))
  })

  it('give their connection back when a reader leaves in the middle', async () => {
    const { tables } = lent.engine
    await tables.append(rowsFrom(Array.from({ length: 9000 }, (_, index) => at(0, index, index))))
    for (let turn = 0; turn < 12; turn += 1) for await (const _ of tables.rows(range(ids))) break
    expect(await tables.rows(range(ids))[Symbol.asyncIterator]().next()).toMatchObject({ done: false })
  })

  it('let a refresh wait for a batch that is just being written, and see it', async () => {
    const { tables, database } = lent.engine
    const postgres = database as PostgresDatabase
    await tables.append(rowsFrom([at(0, 0, 1)]))
    const written = Promise.withResolvers<void>()
    const finish = Promise.withResolvers<void>()
    const rows = rowsFrom([at(0, 1000, 2)])
    const siteId = Number((await database.read('SELECT site_id FROM point LIMIT 1'))[0]?.site_id)
    const writing = postgres.transaction(async (sql) => {
      await createAppending(postgres, createMarks(postgres))(sql, rows, Int32Array.of(siteId))
      written.resolve()
      await finish.promise
    })
    await written.promise
    const seen: number[] = []
    const refreshing = tables.refresh(laterMs, 10, async (stale, read) => {
      for (const { value } of await plainRows(read({ ...range(ids), points: stale.map(({ point }) => point) }))) {
        seen.push(value)
      }
      return []
    })
    await pause(50)
    expect(seen).toEqual([])
    finish.resolve()
    await writing
    expect([await refreshing, seen]).toEqual([1, [1, 2]])
  })

  it('let a refresh give way to a batch that does not end, and nobody wait behind it', async () => {
    const { tables, database } = lent.engine
    const postgres = database as PostgresDatabase
    await tables.append(rowsFrom([at(0, 0, 1)]))
    const written = Promise.withResolvers<void>()
    const finish = Promise.withResolvers<void>()
    const siteId = Number((await database.read('SELECT site_id FROM point LIMIT 1'))[0]?.site_id)
    const writing = postgres.transaction(async (sql) => {
      await createMarks(postgres, 50).hold(sql, [siteId])
      written.resolve()
      await finish.promise
    })
    await written.promise
    expect(await createMarks(postgres, 50).end(siteId)).toBeUndefined()
    await tables.append(rowsFrom([at(0, 2000, 3)]))
    finish.resolve()
    await writing
    expect(await createMarks(postgres, 50).end(siteId)).toBe(1)
  })

  it('write a mark again that was taken since this node wrote it', async () => {
    const { tables } = lent.engine
    for (const offsetMs of [0, 1000, 2000]) {
      await tables.append(rowsFrom([at(0, offsetMs, 1)]))
      await tables.append(rowsFrom([at(0, offsetMs + 1, 1)]))
      expect(await tables.refresh(laterMs, 10, async () => [])).toBe(1)
      expect(await tables.refresh(laterMs, 10, async () => [])).toBe(0)
    }
  })

  it('take rows that are there already beside many that are new', async () => {
    const { tables } = lent.engine
    const many = Array.from({ length: 2000 }, (_, index) => at(0, index * 1000, index))
    await tables.append(rowsFrom(many))
    const again = Array.from({ length: 2000 }, (_, index) => at(0, (index + 1000) * 1000, -index))
    await Promise.all([tables.append(rowsFrom(again)), tables.append(rowsFrom([at(1, 0, 7)]))])
    const found = await plainRows(tables.rows(range(ids)))
    expect(found.length).toBe(3001)
    expect(found.slice(999, 1002).map(({ value }) => value)).toEqual([999, -0, -1])
    const newest = await tables.newest(ids)
    expect([...newest.value.subarray(0, newest.count)]).toEqual([-1999, 7])
  })

  it('mark a quarter anew that gets a row while it is being made', async () => {
    const { tables } = lent.engine
    await tables.append(rowsFrom([at(0, 0, 1)]))
    await tables.refresh(laterMs, 10, async (stale, read) => {
      const seen = await plainRows(read(range(ids)))
      // Nobody waits for a quarter that is being made.
      await tables.append(rowsFrom([at(0, 1000, 2)]))
      return stale.map(({ point, startMs }) => quarter(point, startMs, seen.length))
    })
    expect(await tables.quarters(range(ids))).toEqual({ quarters: [], stale: [{ point: ids[0], startMs: dayStartMs }] })
  })

  it('leave a mark where the remake fails', async () => {
    const { tables } = lent.engine
    await tables.append(rowsFrom([at(0, 0, 1)]))
    const failing = tables.refresh(laterMs, 10, () => Promise.reject(new Error('power cut')))
    await expect(failing).rejects.toThrow('power cut')
    expect((await tables.quarters(range(ids))).stale).toHaveLength(1)
  })

  it('remove a quarter whose rows are gone', async () => {
    const { tables } = lent.engine
    await tables.append(rowsFrom([at(0, 0, 1), at(1, 0, 1)]))
    await tables.refresh(laterMs, 10, async (stale) => stale.map(({ point }) => quarter(point, dayStartMs, 1)))
    expect(await tables.remove({ ...range([ids[0]!]) }, { stale: true })).toBe(1)
    await tables.refresh(laterMs, 10, async () => [])
    expect((await tables.quarters(range(ids))).quarters.map(({ point }) => point)).toEqual([ids[1]])
  })

  it('make no quarter by rules that are being changed', async () => {
    const { tables } = lent.engine
    await tables.append(rowsFrom([at(0, 0, 1)]))
    let changed: Promise<void> | undefined
    await tables.refresh(laterMs, 10, async (stale) => {
      changed = tables.setRules([{ id: ids[0]!, rules: { counter: {} } }])
      await pause(150)
      expect(await tables.countersAmong(ids)).toEqual(new Map())
      return stale.map(({ point, startMs }) => quarter(point, startMs, 1))
    })
    await changed
    expect((await tables.quarters(range(ids))).stale).toEqual([{ point: ids[0], startMs: dayStartMs }])
    expect(await tables.countersAmong(ids)).toEqual(new Map([[ids[0], {}]]))
  })

  it('take out what was there to read, and begin again when it is corrected meanwhile', async () => {
    const { tables } = lent.engine
    await tables.append(rowsFrom([at(0, 0, 1), at(0, 1000, 2)]))
    const seen: number[][] = []
    await tables.takeOut({ points: ids, fromMs: dayStartMs, toMs: dayStartMs + quarterMs }, async ({ rows }) => {
      seen.push((await plainRows(rows(range(ids)))).map(({ value }) => value))
      if (seen.length === 1) await tables.append(rowsFrom([at(0, 1000, 3)]))
      if (seen.length === 2) await tables.append(rowsFrom([at(1, 2000, 4)]))
    })
    expect(seen).toEqual([
      [1, 2],
      [1, 3],
    ])
    expect(await plainRows(tables.rows(range(ids)))).toMatchObject([{ point: ids[1], value: 4 }])
    // What came meanwhile kept its marks, also where it was taken out at last.
    expect((await tables.quarters(range(ids))).stale).toEqual(
      [0, 1].map((point) => ({ point: ids[point], startMs: dayStartMs })),
    )
    expect(await plainRows([await tables.newest(ids)])).toMatchObject([{ value: 3 }, { value: 4 }])
  })

  it('keep the mark of a late row that comes to a quarter which is marked and being taken out', async () => {
    const { tables } = lent.engine
    await tables.append(rowsFrom([at(0, 0, 1)]))
    const seen: number[][] = []
    await tables.takeOut({ points: ids, fromMs: dayStartMs, toMs: dayStartMs + quarterMs }, async ({ rows }) => {
      seen.push((await plainRows(rows(range(ids)))).map(({ value }) => value))
      if (seen.length === 1) await tables.append(rowsFrom([at(0, 5000, 2)]))
    })
    expect(seen).toEqual([[1], [1, 2]])
    expect((await tables.quarters(range(ids))).stale).toEqual([{ point: ids[0], startMs: dayStartMs }])
  })

  it('find points of several sites at once, in order', async () => {
    const { tables } = lent.engine
    const [port] = await tables.ensurePoints([{ site: 'port', name: 'a', unit: 'kW' }])
    const [last] = await tables.ensurePoints([{ site: 'park', name: 'z', unit: 'kW' }])
    const points = [last!.id, port!.id, ids[0]!]
    await tables.append(rowsFrom(points.map((point) => ({ ...at(0, 0, point), point }))))
    const sorted = points.toSorted((a, b) => a - b)
    expect((await plainRows(tables.rows(range(points)))).map(({ point }) => point)).toEqual(sorted)
    expect((await plainRows([await tables.newest(points)])).map(({ point }) => point)).toEqual(sorted)
    expect((await tables.quarters(range(points))).stale.map(({ point }) => point)).toEqual(sorted)
  })
})
