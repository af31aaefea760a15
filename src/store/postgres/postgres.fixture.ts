import { describe } from 'vitest'
import type { Rows } from '../observations/rows.ts'
import { type EmbeddedServer, sharedServer } from './embedded.fixture.ts'

/** Tests that need a server; skipped, and told so, where none can be started. */
export async function describeWithServer(title: string, tests: (server: EmbeddedServer) => void): Promise<void> {
  const server = await sharedServer()
  if (server) describe(title, () => tests(server))
  else describe.skip(`${title} (no PostgreSQL server can be started here)`, () => undefined)
}

export interface PlainRow {
  readonly point: number
  readonly eventMs: number
  readonly source?: number
  readonly value: number
  readonly quality?: number
  readonly receivedMs?: number
}

export function rowsFrom(plain: readonly PlainRow[]): Rows {
  return {
    count: plain.length,
    point: Int32Array.from(plain, ({ point }) => point),
    eventMs: Float64Array.from(plain, ({ eventMs }) => eventMs),
    source: Int32Array.from(plain, ({ source = 1 }) => source),
    value: Float64Array.from(plain, ({ value }) => value),
    quality: Uint8Array.from(plain, ({ quality = 0 }) => quality),
    receivedMs: Float64Array.from(plain, ({ receivedMs = 0 }) => receivedMs),
  }
}

export async function plainRows(chunks: AsyncIterable<Rows> | readonly Rows[]): Promise<Required<PlainRow>[]> {
  const plain: Required<PlainRow>[] = []
  for await (const rows of chunks) {
    for (let row = 0; row < rows.count; row += 1) {
      plain.push({
        point: rows.point[row]!,
        eventMs: rows.eventMs[row]!,
        source: rows.source[row]!,
        value: rows.value[row]!,
        quality: rows.quality[row]!,
        receivedMs: rows.receivedMs[row]!,
      })
    }
  }
  return plain
}
