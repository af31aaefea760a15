import { createHash } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { canonicalJson } from '../../kernel/index.ts'
import {
  mergeQuarters,
  type Quarter,
  type QuarterKey,
  quarterKey,
  quarterOf,
  withoutKeys,
} from '../observations/quarters.ts'
import type { Rows } from '../observations/rows.ts'
import type { Archive } from '../sealed/archive.ts'
import { mergeRows } from '../sealed/merge-rows.ts'
import { listSealed, monthEndMs, monthStartMs, type SealedFile } from '../sealed/sealed-file.ts'
import { overlapping } from '../sealed/with-sealed.ts'
import type { Snapshot } from '../snapshot.ts'
import type { SqlRow } from '../sql.ts'
import { type BackupTable, documents, journal, records } from './backup-tables.ts'
import { RowHash } from './row-hash.ts'
import type { Watch } from './watch.ts'

export interface HashParts {
  readonly read: Snapshot
  readonly archive: Archive
  /** Ids of the runs that are kept, in order. */
  readonly runs: readonly string[]
  readonly watch: Watch
}

/** Points that are read together: a month of them fits the memory. */
const groupPoints = 50

/**
 * SHA-256 over all that can be read of a store: points with unit and rules, their values, quarters whose values are
 * gone, documents, records, journal, and which runs are kept. It depends neither on the engine, nor on ids, nor on what
 * came when, was tidied or sealed. Receive times are not in it, as sealing keeps them to the second.
 */
export async function contentHash({ read, archive, runs, watch }: HashParts): Promise<string> {
  const hash = createHash('sha256')
  const line = (...parts: readonly unknown[]): void => void hash.update(`${canonicalJson(parts)}\n`)
  line('mangrove content', 1)
  for (const { point, digest } of await pointDigests(read, archive, watch)) {
    line('point', point.site, point.name, point.unit, JSON.parse(String(point.rules ?? '{}')), digest)
  }
  for (const table of [documents, records, journal]) await hashTable(table, read, line)
  line('runs', runs.length)
  for (const run of runs) line('run', run)
  return hash.digest('hex')
}

/** Content is JSON: its meaning counts, not how an engine writes it. */
async function hashTable(
  { name, columns, table, order }: BackupTable,
  read: Snapshot,
  line: (...parts: readonly unknown[]) => void,
): Promise<void> {
  const names = Object.keys(columns)
  for await (const rows of read.stream(`SELECT ${names.join(', ')} FROM ${table} ORDER BY ${order}`)) {
    for (const [index, row] of rows.entries()) {
      // Documents may be large: others get their turn.
      if (index % 32 === 31) await nextTurn()
      line(name, ...names.map((column) => readable(column, columns[column]!, row)))
    }
  }
}

const readable = (column: string, type: string, row: SqlRow): unknown =>
  column === 'content'
    ? JSON.parse(String(row[column]))
    : type === 'VARCHAR'
      ? String(row[column])
      : Number(row[column])

interface PointDigest {
  readonly point: SqlRow
  readonly digest: string
}

/** One digest a point, in the order of site and name by their bytes. */
async function pointDigests(read: Snapshot, archive: Archive, watch: Watch): Promise<readonly PointDigest[]> {
  const points = await read.all('SELECT id, site, name, unit, rules FROM point ORDER BY id')
  const names = new Map(
    (await read.all('SELECT id, name FROM source')).map(({ id, name }) => [Number(id), String(name)]),
  )
  const files = await listSealed(read)
  const months = [...new Set([...(await read.months()), ...files.map(({ month }) => month)])].sort()
  const digests: PointDigest[] = []
  for (let from = 0; from < points.length; from += groupPoints) {
    const group = points.slice(from, from + groupPoints)
    const ids = group.map(({ id }) => Number(id))
    const hashes = new Map(ids.map((id) => [id, new RowHash(names)]))
    for (const month of months) {
      watch.signal?.throwIfAborted()
      await hashMonth(month, ids, { read, archive, files, hashes })
    }
    for (const point of group) digests.push({ point, digest: hashes.get(Number(point.id))!.digest() })
    watch.progress?.((from + group.length) / points.length, `hashed ${from + group.length} of ${points.length} points`)
  }
  return digests.sort((a, b) => byBytes(a.point.site, b.point.site) || byBytes(a.point.name, b.point.name))
}

const byBytes = (a: unknown, b: unknown): number => Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)))

interface MonthParts {
  readonly read: Snapshot
  readonly archive: Archive
  readonly files: readonly SealedFile[]
  readonly hashes: ReadonlyMap<number, RowHash>
}

async function hashMonth(month: string, ids: readonly number[], parts: MonthParts): Promise<void> {
  const { read, archive, files, hashes } = parts
  const range = { points: ids, fromMs: monthStartMs(month), toMs: monthEndMs(month) }
  const sealed = overlapping(files, 'rows', range)
  const open = read.rows(range)
  const rows: AsyncIterable<Rows> =
    sealed.length === 0
      ? open
      : mergeRows(open[Symbol.asyncIterator](), archive.rows(sealed, range)[Symbol.asyncIterator]())
  const withRows = new Set<string>()
  for await (const chunk of rows) {
    let point = -1
    let quarter = Number.NaN
    let hash: RowHash | undefined
    for (let row = 0; row < chunk.count; row += 1) {
      const startMs = quarterOf(chunk.eventMs[row]!)
      if (chunk.point[row] !== point || startMs !== quarter) {
        if (chunk.point[row] !== point) hash = hashes.get(chunk.point[row]!)
        point = chunk.point[row]!
        quarter = startMs
        withRows.add(quarterKey({ point, startMs }))
      }
      hash?.add(chunk, row)
    }
  }
  const { quarters, stale } = await read.quarters(range)
  const old = overlapping(files, 'quarters', range)
  const before = old.length === 0 ? [] : await archive.quarters(old, range)
  for (const one of alone(quarters, stale, before, withRows)) hashes.get(one.point)?.addQuarter(one)
}

/** Quarters that stand by themselves, as their values are gone; the kept one goes before the sealed one. */
function alone(
  kept: readonly Quarter[],
  stale: readonly QuarterKey[],
  before: readonly Quarter[],
  withRows: ReadonlySet<string>,
): readonly Quarter[] {
  return mergeQuarters(kept, withoutKeys(before, stale)).filter((quarter) => !withRows.has(quarterKey(quarter)))
}
