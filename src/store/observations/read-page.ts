import type { Quality } from '../../kernel/index.ts'
import type { ObservationTables, StoredPoint } from './observation-tables.ts'
import type { PageRequest, RangePage } from './observation-types.ts'
import { pickSources, type SourceOrder } from './pick-sources.ts'

/** Of the first stretch that is read. */
const firstSpanMs = 3_600_000

interface Read {
  readonly unit: string
  readonly timestampsMs: number[]
  readonly values: number[]
  readonly quality: Quality[]
}

/**
 * The first values of a range. Point after point is read up to the end that the ones before have left, so that no more rows are
 * read than the page can hold, and a few.
 */
export async function readPage(
  tables: ObservationTables,
  points: readonly StoredPoint[],
  { fromMs, toMs, limit }: Omit<PageRequest, 'site' | 'points'>,
  order: SourceOrder,
): Promise<RangePage> {
  const reads = new Map<string, Read>()
  let endMs = toMs
  for (const { id, name, unit } of points) {
    const read: Read = { unit, timestampsMs: [], values: [], quality: [] }
    reads.set(name, read)
    if (endMs <= fromMs) continue
    // Stretches of time that grow: a long range is not put in order for the sake of its first page.
    for (let startMs = fromMs, spanMs = firstSpanMs; startMs < endMs; startMs += spanMs, spanMs *= 4) {
      const rows = tables.rows({ points: [id], fromMs: startMs, toMs: Math.min(endMs, startMs + spanMs) })
      await pickSources(rows, order, (_point, eventMs, value, code) => {
        if (read.timestampsMs.length === limit) endMs = Math.min(endMs, eventMs)
        if (eventMs >= endMs) return
        read.timestampsMs.push(eventMs)
        read.values.push(value)
        read.quality.push(code as Quality)
      })
    }
  }
  return {
    points: Object.fromEntries([...reads].map(([name, read]) => [name, cut(read, endMs)])),
    ...(endMs < toMs ? { nextMs: endMs } : {}),
  }
}

function cut(read: Read, endMs: number): Read {
  const { timestampsMs, values, quality, unit } = read
  const past = timestampsMs.findIndex((timeMs) => timeMs >= endMs)
  if (past === -1) return read
  return {
    unit,
    timestampsMs: timestampsMs.slice(0, past),
    values: values.slice(0, past),
    quality: quality.slice(0, past),
  }
}
