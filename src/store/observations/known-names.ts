import { quality } from '../../kernel/index.ts'
import { storeErrors } from '../errors.ts'
import { createTurns } from '../turns.ts'
import { isAhead } from './clock-ahead.ts'
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
   * Rows of a batch. One whose event time runs ahead of its receipt is no better than `suspect`.
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

/** Sources are kept as numbers of 16 bits. */
const maxSources = 30_000

export function createKnownNames(tables: ObservationTables): KnownNames {
  /** By site and name. */
  const points = new Map<string, Map<string, StoredPoint>>()
  let remembered = 0
  /** Of lists of series as a whole: who sends through one reader of bodies sends the same list again. */
  let pointsOfList = new WeakMap<ObservationBatch['series'], readonly StoredPoint[]>()
  const sources = new Map<string, number>()
  let ranks: Map<number, number> | undefined
  /** So that a list of sources that was read before one was made is not remembered after. */
  let sourceChanges = 0
  let names: ReadonlyMap<number, string> = new Map()

  const nameless: ReadonlyMap<string, StoredPoint> = new Map()
  const remember = (point: StoredPoint): void => {
    const own = points.get(point.site) ?? new Map<string, StoredPoint>()
    points.set(point.site, own)
    if (!own.has(point.name)) remembered += 1
    own.set(point.name, point)
  }

  /** Of this batch alone: while it waits for the database, what is remembered may be forgotten. */
  const pointsOf = async ({ series }: ObservationBatch): Promise<readonly StoredPoint[]> => {
    const known = pointsOfList.get(series)
    if (known) return known
    const found: (StoredPoint | undefined)[] = new Array(series.length)
    const missing: number[] = []
    let site = ''
    let own = nameless
    for (let index = 0; index < series.length; index += 1) {
      const one = series[index]!
      if (one.site !== site) {
        site = one.site
        own = points.get(site) ?? nameless
      }
      const point = own.get(one.point)
      found[index] = point
      if (!point) missing.push(index)
      else if (one.unit !== undefined) checkUnit(one.point, one.unit, point.unit)
    }
    const lists = pointsOfList
    if (missing.length > 0) await findMissing(series, missing, found)
    lists.set(series, found as readonly StoredPoint[])
    return found as readonly StoredPoint[]
  }

  const keyOf = (site: string, name: string): string => `${site}\u0000${name}`
  const inTurn = createTurns()

  /** One batch after another asks, so that many with the same new names do not all ask the database. */
  const ask = async (wanted: ReadonlyMap<string, Pick<StoredPoint, 'site' | 'name' | 'unit'>>) => {
    const answer = new Map<string, StoredPoint>()
    const unknown: Pick<StoredPoint, 'site' | 'name' | 'unit'>[] = []
    for (const [key, point] of wanted) {
      const known = points.get(point.site)?.get(point.name)
      if (known) answer.set(key, known)
      else unknown.push(point)
    }
    for (const point of unknown.length === 0 ? [] : await tables.ensurePoints(unknown)) {
      remember(point)
      answer.set(keyOf(point.site, point.name), point)
    }
    return answer
  }

  const findMissing = async (
    series: ObservationBatch['series'],
    missing: readonly number[],
    found: (StoredPoint | undefined)[],
  ): Promise<void> => {
    const wanted = new Map<string, Pick<StoredPoint, 'site' | 'name' | 'unit'>>()
    for (const index of missing) {
      const { site, point, unit } = series[index]!
      const key = keyOf(site, point)
      const same = wanted.get(key)
      if (same && unit !== undefined) checkUnit(point, unit, same.unit)
      if (!same) wanted.set(key, { site, name: point, unit: unit ?? '1' })
    }
    if (remembered > maxRemembered) {
      points.clear()
      remembered = 0
    }
    const made = await inTurn(() => ask(wanted))
    for (const index of missing) {
      const { site, point, unit } = series[index]!
      const known = made.get(keyOf(site, point))!
      if (unit !== undefined) checkUnit(point, unit, known.unit)
      found[index] = known
    }
  }

  const askSources = async (wanted: readonly string[]) => {
    const answer = new Map<string, number>()
    for (const name of wanted) if (sources.has(name)) answer.set(name, sources.get(name)!)
    const unknown = [...new Set(wanted)].filter((name) => !answer.has(name))
    if (unknown.length === 0) return answer
    const known = await tables.sources()
    const names = new Set(known.values())
    const total = known.size + unknown.filter((name) => !names.has(name)).length
    if (total > maxSources) {
      const detail = 'The store knows too many sources; a source is a gateway or a channel of it, not a reading'
      throw storeErrors.badObservation({ detail, found: total, expected: `at most ${maxSources} in all` })
    }
    const ids = await tables.ensureSources(unknown)
    unknown.forEach((name, index) => {
      sources.set(name, ids[index]!)
      answer.set(name, ids[index]!)
    })
    sourceChanges += 1
    ranks = undefined
    return answer
  }

  const sourcesOf = async (batch: ObservationBatch): Promise<Int32Array> => {
    const mine = new Map(batch.sources.map((name) => [name, sources.get(name)]))
    const missing = batch.sources.filter((name) => mine.get(name) === undefined)
    if (missing.length > 0) for (const [name, id] of await inTurn(() => askSources(missing))) mine.set(name, id)
    return Int32Array.from(batch.sources, (name) => mine.get(name)!)
  }

  return {
    async resolve(batch, receivedMs) {
      const pointsOfSeries = await pointsOf(batch)
      const ids = new Int32Array(pointsOfSeries.length)
      const oldestMs = new Float64Array(pointsOfSeries.length)
      for (let series = 0; series < pointsOfSeries.length; series += 1) {
        const point = pointsOfSeries[series]!
        ids[series] = point.id
        oldestMs[series] = oldestKeptMs(point, receivedMs)
      }
      const sourceIds = await sourcesOf(batch)
      return fillRows(batch, { ids, oldestMs, sourceIds }, receivedMs)
    },
    async sourceOrder() {
      let known = ranks
      if (!known) {
        const changes = sourceChanges
        names = await tables.sources()
        const sorted = [...names].sort(([, a], [, b]) => (a < b ? -1 : 1))
        known = new Map(sorted.map(([id], rank) => [id, rank]))
        if (changes === sourceChanges) ranks = known
      }
      return {
        // One that another node made since comes last until its name is known.
        rankOf: (source) => known.get(source) ?? Number.MAX_SAFE_INTEGER,
        nameOf: (source) => names.get(source) ?? '',
      }
    },
    forget() {
      points.clear()
      pointsOfList = new WeakMap()
      remembered = 0
      sources.clear()
      ranks = undefined
    },
  }
}

interface Resolved {
  /** Of each series. */
  readonly ids: Int32Array
  readonly oldestMs: Float64Array
  readonly sourceIds: Int32Array
}

function fillRows(batch: ObservationBatch, { ids, oldestMs, sourceIds }: Resolved, receivedMs: number): Rows {
  const { count, seriesOf, sourceOf, values } = batch
  const rows = { ...emptyRows(count), count }
  const { eventMs, quality: codes, value, point, source } = rows
  eventMs.set(batch.timestampsMs.subarray(0, count))
  codes.set(batch.quality.subarray(0, count))
  rows.receivedMs.fill(receivedMs)
  for (let row = 0; row < count; row += 1) {
    const series = seriesOf[row]!
    // No meter knows a zero with a sign, and files of columns keep none.
    value[row] = values[row]! + 0
    point[row] = ids[series]!
    const atMs = eventMs[row]!
    if (atMs < oldestMs[series]!) throw tooOld(batch.series[series]!.point, atMs)
    if (isAhead(atMs, receivedMs) && codes[row]! < quality.suspect) codes[row] = quality.suspect
    source[row] = sourceIds[sourceOf[row]!]!
  }
  return rows
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
