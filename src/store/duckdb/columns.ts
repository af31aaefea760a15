import type { DuckDBDataChunk } from '@duckdb/node-api'

/**
 * The typed array behind a column of a chunk, of the type that fits the column: DOUBLE Float64Array, INTEGER
 * Int32Array, SMALLINT Int16Array, UTINYINT Uint8Array, BIGINT BigInt64Array. Hot loops read and write it; the columns
 * here are never NULL. After writing, {@link flushColumns}.
 */
export function column<T extends ArrayLike<unknown>>(chunk: DuckDBDataChunk, index: number): T {
  // The library keeps the array private and offers it one value at a time, several times slower.
  const { items } = chunk.getColumnVector(index) as unknown as { readonly items?: T }
  if (!items) throw new TypeError(`column ${index} has no array behind it`)
  return items
}

export function flushColumns(chunk: DuckDBDataChunk): void {
  for (let index = 0; index < chunk.columnCount; index += 1) chunk.getColumnVector(index).flush()
}
