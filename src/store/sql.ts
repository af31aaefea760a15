/** What a statement may be given. Times go as `bigint`: they do not fit 32 bits. */
export type SqlValue = string | number | bigint | null
/** A row by column; whole numbers come as `number`, `bigint` or text, so read them by `Number`. */
export type SqlRow = Readonly<Record<string, unknown>>

/** Statements with `$1`, `$2` … for values, in the SQL that DuckDB and PostgreSQL share. */
export interface Sql {
  all(sql: string, values?: readonly SqlValue[]): Promise<readonly SqlRow[]>
}

/** A database that holds the small tables: documents, records, journal. */
export interface SqlDatabase {
  /** Reads what was committed. */
  read: Sql['all']
  /** Runs `work` in one transaction, as if alone; rolled back when it throws. It may run again after a clash with another. */
  write<T>(work: (sql: Sql) => Promise<T>): Promise<T>
  /** Work that waits for a connection, where there are only so many. */
  waiting?(): number
}
