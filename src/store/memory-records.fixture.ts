import type { Clock } from '../kernel/index.ts'
import { storeErrors } from './errors.ts'
import type { Journal, JournalEntry, JournalPage, RecordList, Records, StoredRecord } from './records.ts'
import { createTurns } from './turns.ts'

/** Records and journal of a test, in memory; values are copied as JSON does it. */
export function memoryRecords(clock: Clock): { readonly records: Records; readonly journal: Journal } {
  const kinds = new Map<string, Map<string, StoredRecord<unknown>>>()
  const streams = new Map<string, JournalEntry<unknown>[]>()
  const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T
  const check = (kind: string, key: string, expected: number | undefined): void => {
    const found = kinds.get(kind)?.get(key)?.version ?? 0
    if (expected === undefined || expected === found) return
    throw storeErrors.conflict({ detail: 'Another version is there', found, expected: `version ${expected}` })
  }
  const bytes = new TextEncoder()
  const inTurn = createTurns()
  const insert = <T>(stream: string, content: T): JournalEntry<T> => {
    const entries = streams.get(stream) ?? []
    streams.set(stream, entries)
    const entry = { number: entries.length + 1, writtenMs: clock.now(), content: copy(content) }
    entries.push(entry)
    return entry
  }
  return {
    records: {
      get: async <T>(kind: string, key: string) => kinds.get(kind)?.get(key) as StoredRecord<T> | undefined,
      list: async <T>(kind: string, { prefix = '', after, limit = 1000 }: RecordList = {}) =>
        [...(kinds.get(kind)?.values() ?? [])]
          .filter(({ key }) => key.startsWith(prefix))
          .sort((a, b) => Buffer.compare(bytes.encode(a.key), bytes.encode(b.key)))
          .filter(({ key }) => after === undefined || Buffer.compare(bytes.encode(key), bytes.encode(after)) > 0)
          .slice(0, limit) as StoredRecord<T>[],
      async put(kind, key, content, expected) {
        check(kind, key, expected)
        const group = kinds.get(kind) ?? new Map()
        kinds.set(kind, group)
        const version = (group.get(key)?.version ?? 0) + 1
        const record = { key, version, updatedMs: clock.now(), content: copy(content) }
        group.set(key, record)
        return record
      },
      async remove(kind, key, expected) {
        check(kind, key, expected)
        return kinds.get(kind)?.delete(key) ?? false
      },
    },
    journal: {
      append: (stream, content) => inTurn(async () => insert(stream, content)),
      extend: <T>(stream: string, after: number, make: (newer: readonly JournalEntry<T>[]) => Promise<T | undefined>) =>
        inTurn(async () => {
          const content = await make((streams.get(stream) ?? []).slice(after) as JournalEntry<T>[])
          return content === undefined ? undefined : insert(stream, content)
        }),
      async read<T>(stream: string, { after = 0, before, limit = 1000, newestFirst = false }: JournalPage = {}) {
        const found = (streams.get(stream) ?? []).filter(
          ({ number }) => number > after && number < (before ?? Number.POSITIVE_INFINITY),
        )
        return (newestFirst ? found.toReversed() : found).slice(0, limit) as JournalEntry<T>[]
      },
    },
  }
}
