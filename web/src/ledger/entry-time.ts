import { periodText } from '../format/periods.ts'
import type { LedgerEntry } from './ledger-queries.ts'

/** The time that an entry is about, not that of its writing; empty where it is about none. */
export function entryTime(
  { body: { fromMs, toMs } }: Pick<LedgerEntry, 'body'>,
  zone: string,
  language: string,
): string {
  return typeof fromMs === 'number' && typeof toMs === 'number' ? periodText(fromMs, toMs, zone, language) : ''
}
