import type { Clock } from '../kernel/index.ts'
import type { StoreEngine } from './engine.ts'
import type { CommitFigures } from './observations/commit-figures.ts'
import type { KnownNames } from './observations/known-names.ts'
import type { ObservationTables } from './observations/observation-tables.ts'
import type { OpenRowFigures, OpenRows } from './observations/open-rows.ts'
import { toPoint } from './observations/point-rows.ts'
import { remakeQuarters } from './observations/remake-quarters.ts'
import { keptFrom } from './observations/retention.ts'
import type { Archive } from './sealed/archive.ts'
import type { Manifest } from './sealed/manifest.ts'
import { type MonthOfSite, sealMonth } from './sealed/seal-months.ts'
import { monthEndMs, type SealedFile } from './sealed/sealed-file.ts'

/** What one turn of upkeep did. */
export interface UpkeepTurn {
  /** Quarters of an hour that were made anew. */
  readonly quarters: number
  /** More is due at once. */
  readonly more: boolean
}

/** How large a store is, and how far behind. */
export interface StoreFigures {
  /** Quarters of an hour that have to be made anew, those that have not ended among them. */
  readonly staleQuarters: number
  /** Observations on their way, from the first look at a batch to its commit. */
  readonly openRows: OpenRowFigures
  /** Work that waits for a connection to the database; absent where it needs none. */
  readonly waitingForConnection?: number
  /** Absent where the database server queues. */
  readonly commits?: CommitFigures
  /** What the database takes on its disk, and the sealed months beside it. */
  readonly sizeBytes: { readonly database: number; readonly sealed: number }
}

/** What a store does behind what is asked of it. Nothing that is read changes by it. */
export interface Upkeep {
  /** Tidies what arrived and makes stale quarters anew; a server calls it every second or so. */
  turn(): Promise<UpkeepTurn>
  /**
   * Seals months that ended ten days ago or more, drops single values beyond their retention, removes files that
   * nobody names; a server calls it every hour or so. @returns the months that were sealed
   */
  seal(): Promise<readonly MonthOfSite[]>
  /** Reads every sealed file and holds it against its hash. */
  verify(): Promise<{ readonly files: number; readonly damaged: readonly SealedFile[] }>
  figures(): Promise<StoreFigures>
}

export interface UpkeepParts {
  readonly engine: StoreEngine
  /** With what is sealed. */
  readonly tables: ObservationTables
  readonly archive: Archive
  readonly manifest: Manifest
  readonly names: KnownNames
  readonly openRows: Pick<OpenRows, 'figures'>
  readonly clock: Clock
  /** False: months stay in the tables, because no folder is there that all who read them share. */
  readonly seals: boolean
}

/** Quarters are made anew this long after they ended, so that each is made once where data comes in time. */
const graceMs = 60_000
/** Quarters that one transaction makes anew. */
const refreshLimit = 2000
const dayMs = 86_400_000
/** Data that comes this late is met before its month is sealed. */
const sealAfterMs = 10 * dayMs

export function createUpkeep(parts: UpkeepParts): Upkeep {
  const { engine, tables, archive, manifest, names, openRows, clock, seals } = parts
  return {
    async turn() {
      const tidied = await tables.tidy()
      const order = await names.sourceOrder()
      const quarters = await tables.refresh(clock.now() - graceMs, refreshLimit, async (stale, read) => {
        const rules = await tables.countersAmong([...new Set(stale.map(({ point }) => point))])
        return remakeQuarters(stale, read, order, rules)
      })
      return { quarters, more: tidied || quarters === refreshLimit }
    },
    async seal() {
      const nowMs = clock.now()
      await dropExpired(engine, nowMs)
      if (!seals) return []
      const sealed = await manifest.files()
      const order = await names.sourceOrder()
      const done: MonthOfSite[] = []
      const late = (await engine.tables.monthsBefore(nowMs - sealAfterMs)).filter(({ site, month }) => {
        const before = sealed.find((file) => file.site === site && file.month === month)
        // What came late is added once a day, not with every value.
        return monthEndMs(month) <= nowMs - sealAfterMs && !(before && before.sealedMs > nowMs - dayMs)
      })
      const expired = await expiredMonths(tables, sealed, nowMs)
      const due = new Map([...late, ...expired].map(({ site, month }) => [`${site}/${month}`, { site, month }]))
      for (const month of due.values()) {
        await manifest.changing(() => sealMonth(month, { tables: engine.tables, archive, order }, nowMs))
        done.push(month)
      }
      await archive.sweep(await manifest.files())
      return done
    },
    async figures() {
      const [[row], database, sealed] = await Promise.all([
        engine.database.read('SELECT count(*) AS count FROM stale'),
        engine.bytes(),
        manifest.files(),
      ])
      const commits = tables.commits?.()
      const waitingForConnection = engine.database.waiting?.()
      return {
        ...{ staleQuarters: Number(row?.count ?? 0), openRows: openRows.figures() },
        ...(waitingForConnection === undefined ? {} : { waitingForConnection }),
        ...(commits ? { commits } : {}),
        sizeBytes: { database, sealed: sealed.reduce((sum, { bytes }) => sum + bytes, 0) },
      }
    },
    async verify() {
      const files = await manifest.files()
      return { files: files.length, damaged: await archive.damagedAmong(files) }
    },
  }
}

/** Sealed months that hold single values of a point from before its retention: they are written again without them. */
async function expiredMonths(
  tables: ObservationTables,
  sealed: readonly SealedFile[],
  nowMs: number,
): Promise<readonly MonthOfSite[]> {
  const months: MonthOfSite[] = []
  for (const [site, files] of Map.groupBy(sealed, (file) => file.site)) {
    const points = (await tables.pointsOf(site)).filter(({ rules }) => rules.retentionDays !== undefined)
    const from = await keptFrom(tables, points, nowMs)
    const holdsExpired = ({ content, month, sealedMs, fromPoint, toPoint }: SealedFile): boolean =>
      content === 'rows' &&
      points.some(({ id, rules }) => {
        const endMs = monthEndMs(month)
        // Sealed after they expired, it was sealed without them.
        const without = sealedMs >= endMs + rules.retentionDays! * dayMs
        return id >= fromPoint && id <= toPoint && endMs <= from.get(id)! && !without
      })
    months.push(...files.filter(holdsExpired))
  }
  return months
}

/** Single values of points with a retention go when they are older; their quarters stay. */
async function dropExpired({ tables, database }: StoreEngine, nowMs: number): Promise<void> {
  const rows = await database.read("SELECT id, rules FROM point WHERE rules LIKE '%retentionDays%'")
  for (const [point, fromMs] of await keptFrom(tables, rows.map(toPoint), nowMs)) {
    await tables.remove({ points: [point], fromMs: 0, toMs: Math.floor(fromMs / dayMs) * dayMs }, { stale: false })
  }
}
