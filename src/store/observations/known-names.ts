import { storeErrors } from '../errors.ts'
import type { ObservationBatch } from './observation-batch.ts'
import type { ObservationTables, StoredPoint } from './observation-tables.ts'
import type { SourceOrder } from './pick-sources.ts'
import { emptyRows, type Rows } from './rows.ts'

/** The order of sources, and their names. */
export interface NamedOrder extends SourceOrder {
  nameOf(source: number): string
}

/** Points and sources by name, remembered: appending a batch asks the database only for names it has never seen. */
export interface KnownNames {
  /**
   * Rows of a batch.
   *
   * @throws `store.bad-observation` for a unit that is not the point's
   */
  resolve(batch: ObservationBatch, receivedMs: number): Promise<Rows>
  /** Rank of each source by its name. */
  sourceOrder(): Promise<NamedOrder>
  forget(): void
}

/** More names than this are not remembered: a million points would otherwise stay in memory for ever. */
const maxRemembered = 2_000_000

export function createKnownNames(tables: ObservationTables): KnownNames {
  const points = new Map<string, StoredPoint>()
  const sources = new Map<string, number>()
  let ranks: Map<number, number> | undefined
  let names: ReadonlyMap<number, string> = new Map()

  const keyOf = (site: string, name: string): string => `${site}\u0000${name}`

  const pointsOf = async (batch: ObservationBatch): Promise<readonly StoredPoint[]> => {
    const wanted = new Map<string, Pick<StoredPoint, 'site' | 'name' | 'unit'>>()
    for (const { site, point, unit } of batch.series) {
      const key = keyOf(site, point)
      const known = points.get(key) ?? wanted.get(key)
      if (known && unit !== undefined) checkUnit(point, unit, known.unit)
      if (!known) wanted.set(key, { site, name: point, unit: unit ?? '1' })
    }
    if (wanted.size > 0) {
      if (points.size > maxRemembered) points.clear()
      const found = await tables.ensurePoints([...wanted.values()])
      for (const point of found) points.set(keyOf(point.site, point.name), point)
    }
    return batch.series.map(({ site, point, unit }) => {
      const known = points.get(keyOf(site, point))!
      if (unit !== undefined) checkUnit(point, unit, known.unit)
      return known
    })
  }

  const sourcesOf = async (batch: ObservationBatch): Promise<Int32Array> => {
    const missing = batch.sources.filter((name) => !sources.has(name))
    if (missing.length > 0) {
      const ids = await tables.ensureSources(missing)
      missing.forEach((name, index) => {
        sources.set(name, ids[index]!)
      })
      ranks = undefined
    }
    return Int32Array.from(batch.sources, (name) => sources.get(name)!)
  }

  return {
    async resolve(batch, receivedMs) {
      const pointsOfSeries = await pointsOf(batch)
      const ids = Int32Array.from(pointsOfSeries, ({ id }) => id)
      const oldestMs = Float64Array.from(pointsOfSeries, (point) => oldestKeptMs(point, receivedMs))
      const sourceIds = await sourcesOf(batch)
      const rows = { ...emptyRows(batch.count), count: batch.count }
      rows.eventMs.set(batch.timestampsMs.subarray(0, batch.count))
      rows.value.set(batch.values.subarray(0, batch.count))
      rows.quality.set(batch.quality.subarray(0, batch.count))
      rows.receivedMs.fill(receivedMs)
      for (let row = 0; row < batch.count; row += 1) {
        const series = batch.seriesOf[row]!
        rows.point[row] = ids[series]!
        if (rows.eventMs[row]! < oldestMs[series]!) throw tooOld(batch.series[series]!.point, rows.eventMs[row]!)
        rows.source[row] = sourceIds[batch.sourceOf[row]!]!
      }
      return rows
    },
    async sourceOrder() {
      if (!ranks) {
        names = await tables.sources()
        const sorted = [...names].sort(([, a], [, b]) => (a < b ? -1 : 1))
        ranks = new Map(sorted.map(([id], rank) => [id, rank]))
      }
      const known = ranks
      return {
        // One that another node made since comes last until its name is known.
        rankOf: (source) => known.get(source) ?? Number.MAX_SAFE_INTEGER,
        nameOf: (source) => names.get(source) ?? '',
      }
    },
    forget() {
      points.clear()
      sources.clear()
      ranks = undefined
    },
  }
}

function checkUnit(point: string, found: string, expected: string): void {
  if (found === expected) return
  const detail = 'A point keeps the unit it was first stored with'
  throw storeErrors.badObservation({ detail, place: { path: point }, found, expected })
}

/** Single values before this are dropped; quarters they would belong to are made and stay as they are. */
function oldestKeptMs({ rules: { retentionDays } }: StoredPoint, nowMs: number): number {
  return retentionDays === undefined ? Number.NEGATIVE_INFINITY : nowMs - retentionDays * 86_400_000
}

const tooOld = (point: string, eventMs: number): Error =>
  storeErrors.badObservation({
    detail: 'The value is older than single values of this point are kept',
    place: { path: point },
    found: new Date(eventMs).toISOString(),
    expected: 'a younger one, or a longer retention of the point',
  })
