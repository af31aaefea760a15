import type { Problem } from '../../kernel/index.ts'
import { gatewayErrors } from '../errors.ts'
import { type BatchBuilder, type Index, tooMany } from './batch-builder.ts'
import { type ByteDictionary, createByteDictionary } from './byte-dictionary.ts'
import { excerpt } from './byte-text.ts'
import type { ParseContext } from './observation-format.ts'

/** A stretch of a body: from `starts[field]` to `ends[field]`; of length 0 where a row has no such field. */
export interface Stretches {
  readonly starts: Int32Array
  readonly ends: Int32Array
}

/** Fields of a row that name something, as indices into its {@link Stretches}; -1: rows have no such field. */
export interface NameFields {
  readonly point: number
  readonly site: number
  readonly unit: number
  readonly source: number
}

/** Turns the names in rows into indices of a batch without making text of them more than once. */
export interface RowNames {
  series(row: Stretches): Index
  source(row: Stretches): Index
}

/** Point, unit and site share a key that a double holds. */
const mostPoints = 2 ** 21
const mostOthers = 2 ** 16

/** @param textOf text of a stretch; undefined where it is not UTF-8 */
export function createRowNames(
  bytes: Buffer,
  builder: BatchBuilder,
  { site, source, limits }: ParseContext,
  fields: NameFields,
  textOf: (start: number, end: number) => string | undefined,
): RowNames {
  // Of names that are refused there may be as many as of those that are not.
  const most = Math.min(mostPoints, 2 * limits.maxSeries)
  const beyond = tooMany('points', most)
  const points = createByteDictionary()
  const sites = createByteDictionary()
  const units = createByteDictionary()
  const sources = createByteDictionary()
  const seriesOf = new Map<number, Index>()
  const sourceOf: Index[] = []
  let usualSource: Index | undefined
  let lastKey = -1
  let last: Index = 0

  const has = (row: Stretches, field: number): boolean => field >= 0 && row.starts[field]! < row.ends[field]!
  const text = (row: Stretches, field: number): string | Problem => {
    const start = row.starts[field]!
    const end = row.ends[field]!
    return textOf(start, end) ?? notText(bytes, start, end)
  }
  const other = (names: ByteDictionary, row: Stretches, field: number): number => {
    const id = names.idOf(bytes, row.starts[field]!, row.ends[field]!, mostOthers - 1)
    return id < 0 ? id : id + 1
  }
  const find = (row: Stretches): Index => {
    const point = text(row, fields.point)
    const ofSite = has(row, fields.site) ? text(row, fields.site) : site
    const unit = has(row, fields.unit) ? text(row, fields.unit) : undefined
    if (typeof point !== 'string') return point
    if (typeof ofSite !== 'string') return ofSite
    return typeof unit === 'object' ? unit : builder.seriesIndex(ofSite, point, unit)
  }

  return {
    series(row) {
      const point = points.idOf(bytes, row.starts[fields.point]!, row.ends[fields.point]!, most)
      // 0: the row has none; -1: there are too many.
      const unit = has(row, fields.unit) ? other(units, row, fields.unit) : 0
      const ofSite = has(row, fields.site) ? other(sites, row, fields.site) : 0
      if (point < 0) return beyond
      if (unit < 0 || ofSite < 0) return tooMany('units or sites', mostOthers)
      const key = (ofSite * mostOthers + unit) * mostPoints + point
      if (key === lastKey) return last
      const found = seriesOf.get(key) ?? find(row)
      if (seriesOf.size < 2 * limits.maxSeries) seriesOf.set(key, found)
      lastKey = key
      last = found
      return found
    },
    source(row) {
      if (!has(row, fields.source)) {
        usualSource ??= builder.sourceIndex(source)
        return usualSource
      }
      const id = sources.idOf(bytes, row.starts[fields.source]!, row.ends[fields.source]!, mostOthers - 1)
      if (id < 0) return tooMany('sources', mostOthers)
      if (id < sourceOf.length) return sourceOf[id]!
      const name = text(row, fields.source)
      const index = typeof name === 'string' ? builder.sourceIndex(name) : name
      sourceOf.push(index)
      return index
    },
  }
}

const notText = (bytes: Buffer, start: number, end: number): Problem =>
  gatewayErrors.badName.problem({
    detail: 'The name is not text',
    found: excerpt(bytes, start, end),
    expected: 'UTF-8',
  })
