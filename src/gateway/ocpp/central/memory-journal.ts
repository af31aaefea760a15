import type { OcppJournal, OcppRecord } from './records.ts'

/** A journal that forgets with the process: for stations that are not there, and for tests. */
export function createMemoryJournal(
  records: OcppRecord[] = [],
): OcppJournal & { readonly records: readonly OcppRecord[] } {
  return {
    records,
    append: async (more) => {
      records.push(...more)
    },
    async *read() {
      yield* [...records]
    },
    close: async () => {},
  }
}
