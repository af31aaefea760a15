import type { ObservationTables } from './observations/observation-tables.ts'
import type { Restoring, Snapshot } from './snapshot.ts'
import type { SqlDatabase } from './sql.ts'

/** A database that can hold a store: DuckDB in a folder, or PostgreSQL by its address. */
export interface StoreEngine {
  readonly kind: 'duckdb' | 'postgresql'
  /** For the small tables: documents, records, journal. */
  readonly database: SqlDatabase
  readonly tables: ObservationTables
  /** Reads everything as one moment sees it, while writes go on. */
  snapshot<T>(work: (read: Snapshot) => Promise<T>): Promise<T>
  /** Fills the empty engine in one transaction: all of it is there afterwards, or nothing. It has to be opened anew to be used. */
  restore(work: (write: Restoring) => Promise<void>): Promise<void>
  /** Bytes that the database takes on its disk. */
  bytes(): Promise<number>
  close(): Promise<void>
}
