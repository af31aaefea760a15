/** Types of columns in the files of a backup. */
export type ColumnType = 'INTEGER' | 'BIGINT' | 'SMALLINT' | 'VARCHAR'

/** A table that is backed up as it is, by a statement that both engines know. */
export interface BackupTable {
  /** Name in the backup: `tables/<name>-0001.parquet`. */
  readonly name: string
  /** Name in the engine; absent: no table of it has this shape. */
  readonly table: string
  readonly columns: Readonly<Record<string, ColumnType>>
  readonly order: string
}

/** Texts before what belongs to them; points first, as rows name them. */
export const points: BackupTable = {
  name: 'points',
  table: 'point',
  columns: { id: 'INTEGER', site: 'VARCHAR', name: 'VARCHAR', unit: 'VARCHAR', rules: 'VARCHAR' },
  order: 'id',
}

export const sources: BackupTable = {
  name: 'sources',
  table: 'source',
  columns: { id: 'SMALLINT', name: 'VARCHAR' },
  order: 'id',
}

export const documents: BackupTable = {
  name: 'documents',
  table: 'document',
  columns: { kind: 'VARCHAR', name: 'VARCHAR', version: 'INTEGER', content: 'VARCHAR', created_ms: 'BIGINT' },
  order: 'kind, name, version',
}

export const records: BackupTable = {
  name: 'records',
  table: 'record',
  columns: { kind: 'VARCHAR', key: 'VARCHAR', version: 'INTEGER', updated_ms: 'BIGINT', content: 'VARCHAR' },
  order: 'kind, key',
}

export const journal: BackupTable = {
  name: 'journal',
  table: 'journal',
  columns: { stream: 'VARCHAR', number: 'BIGINT', written_ms: 'BIGINT', content: 'VARCHAR' },
  order: 'stream, number',
}

export const sealed: BackupTable = {
  name: 'sealed',
  table: 'sealed',
  columns: {
    site: 'VARCHAR',
    month: 'VARCHAR',
    content: 'VARCHAR',
    file: 'VARCHAR',
    sha256: 'VARCHAR',
    rows: 'BIGINT',
    bytes: 'BIGINT',
    from_point: 'INTEGER',
    to_point: 'INTEGER',
    from_ms: 'BIGINT',
    to_ms: 'BIGINT',
    sealed_ms: 'BIGINT',
  },
  order: 'file',
}

/** Tables that are restored row by row, in this order. */
export const plainTables: readonly BackupTable[] = [sources, documents, records, journal, sealed]

export const selectOf = ({ columns, table, order }: BackupTable): string =>
  `SELECT ${Object.keys(columns).join(', ')} FROM ${table} ORDER BY ${order}`

/** Columns of evidence, in whatever way an engine keeps it. */
export const textColumns: Readonly<Record<string, ColumnType>> = { id: 'VARCHAR', content: 'VARCHAR' }
