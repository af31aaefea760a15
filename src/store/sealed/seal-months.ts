import type { ObservationTables } from '../observations/observation-tables.ts'
import type { SourceOrder } from '../observations/pick-sources.ts'
import { compareQuarters, mergeQuarters, withoutKeys } from '../observations/quarters.ts'
import { remakeQuarters } from '../observations/remake-quarters.ts'
import { keptFrom } from '../observations/retention.ts'
import type { Rows } from '../observations/rows.ts'
import type { Archive } from './archive.ts'
import { mergeRows } from './merge-rows.ts'
import { listSealed, monthEndMs, monthStartMs, replaceSealed, type SealedFile } from './sealed-file.ts'
import { overlapping } from './with-sealed.ts'

/** Points whose quarters are made ready together: a month of them fits the memory. */
const quarterPoints = 50

export interface SealParts {
  /** Of the engine, without what is sealed. */
  readonly tables: ObservationTables
  readonly archive: Archive
  readonly order: SourceOrder
}

/** One month of one site. */
export interface MonthOfSite {
  readonly site: string
  readonly month: string
}

/**
 * Seals a month of a site: its rows and quarters are written to Parquet, with what was sealed of it before, and leave
 * the tables in the transaction that names the files. Single values of points that are older than their retention are
 * left out.
 *
 * @returns the files of the month
 */
export async function sealMonth(
  { site, month }: MonthOfSite,
  { tables, archive, order }: SealParts,
  nowMs: number,
): Promise<readonly SealedFile[]> {
  const points = [...(await tables.pointsOf(site))].sort((a, b) => a.id - b.id)
  const sources = await tables.sources()
  const names = { points: new Map(points.map(({ id, name }) => [id, name])), sources }
  const about = { site, month, names, sealedMs: nowMs }
  const span = { fromMs: monthStartMs(month), toMs: monthEndMs(month) }
  const range = { points: points.map(({ id }) => id), ...span }
  const fromMs = await keptFrom(tables, points, nowMs)
  let files: readonly SealedFile[] = []
  await tables.takeOut(range, async (read, sql) => {
    const before = (await listSealed(sql, site)).filter((file) => file.month === month)
    const kept = points.filter(({ id }) => span.toMs > (fromMs.get(id) ?? Number.NEGATIVE_INFINITY)).map(({ id }) => id)
    const rowsOf = (some: readonly number[], time = span): AsyncIterable<Rows> => {
      const asked = { points: some, ...time }
      const sealed = overlapping(before, 'rows', asked)
      const open = read.rows(asked)
      if (sealed.length === 0) return open
      return mergeRows(open[Symbol.asyncIterator](), archive.rows(sealed, asked)[Symbol.asyncIterator]())
    }
    const written: SealedFile[] = [...(await archive.writeRows(rowsOf(kept), about))]
    for (let from = 0; from < points.length; from += quarterPoints) {
      const group = points.slice(from, from + quarterPoints)
      const asked = { points: group.map(({ id }) => id), ...span }
      const { quarters, stale } = await read.quarters(asked)
      const rules = new Map(group.map(({ id, rules: { counter } }) => [id, counter]))
      const made = await remakeQuarters(stale, (some) => rowsOf(some.points, some), order, rules)
      const sealed = await archive.quarters(overlapping(before, 'quarters', asked), asked)
      // A stale one that was not made anew has no rows any more, here and in what was sealed before.
      const open = mergeQuarters([...made].sort(compareQuarters), quarters)
      const of = mergeQuarters(open, withoutKeys(sealed, stale))
      written.push(...(await archive.writeQuarters(of, about)))
    }
    await replaceSealed(sql, site, month, written)
    files = written
  })
  return files
}
