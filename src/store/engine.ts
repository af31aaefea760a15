import type { ObservationTables } from './observations/observation-tables.ts'
import type { SqlDatabase } from './sql.ts'

/** A database that can hold a store: DuckDB in a folder, or PostgreSQL by its address. */
export interface StoreEngine {
  /** For the small tables: documents, records, journal. */
  readonly database: SqlDatabase
  readonly tables: ObservationTables
  close(): Promise<void>
}
