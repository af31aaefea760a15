import type { OcppRecord } from './records.ts'
import { writeSession } from './session-record.ts'
import { StationBook } from './station-book.ts'
import type { Transaction } from './transaction.ts'

/**
 * The records of a journal in fewer: transactions that ended before a moment are one record each, of all else that was replaced the newest is
 * left. Steps of younger transactions stay as they are, in their order. Both come to the same {@link StationBook}, now and after
 * whatever follows.
 *
 * @param read reads the journal from its beginning; it is read twice
 */
export async function* foldJournal(
  read: () => AsyncIterable<OcppRecord>,
  foldBeforeMs: number,
): AsyncGenerator<OcppRecord> {
  const book = new StationBook()
  const boots = new Map<string, number>()
  for await (const record of read()) {
    book.apply(record)
    if (record.kind === 'boot') boots.set(record.stationId, (boots.get(record.stationId) ?? 0) + 1)
  }
  const isOld = (one: Transaction): one is Transaction & { endedMs: number } =>
    one.endedMs !== undefined && one.endedMs < foldBeforeMs
  for (const transaction of book.transactions()) if (isOld(transaction)) yield writeSession(transaction)
  for await (const record of read()) {
    if (record.kind === 'transaction') {
      if (!isOld(book.transaction(record.stationId, record.transactionId)!)) yield record
    } else if (record.kind === 'boot') {
      // After which boot a transaction was told of last, the newest one says.
      const left = boots.get(record.stationId)! - 1
      boots.set(record.stationId, left)
      if (left === 0) yield record
    }
  }
  yield* book.others()
}
