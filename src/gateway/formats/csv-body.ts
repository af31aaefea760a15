import type { Problem } from '../../kernel/index.ts'
import { gatewayErrors } from '../errors.ts'
import { latin1, utf8 } from './byte-text.ts'
import type { CsvCells } from './csv-cells.ts'

/** What a form of CSV reads: the records below the heading. */
export interface CsvBody {
  readonly bytes: Buffer
  /** Where the first record below the heading begins. */
  readonly start: number
  /** 1-based line of it. */
  readonly line: number
  readonly columns: readonly string[]
}

/** Text of a cell; undefined where it is not UTF-8. */
export function csvText(bytes: Buffer, start: number, end: number): string | undefined {
  // Within quotes a quote is written twice; outside of them there is none.
  return utf8(bytes, start, end)?.replaceAll('""', '"')
}

/** 1 and 0 for true and false of any case, NaN for all else. */
export function truthOf(bytes: Buffer, start: number, end: number): number {
  if (end - start !== 4 && end - start !== 5) return Number.NaN
  const word = latin1(bytes, start, end).toLowerCase()
  return word === 'true' ? 1 : word === 'false' ? 0 : Number.NaN
}

/** Why a record is none: its quotes, or its number of cells. */
export function badRecord(found: string, fault: CsvCells['fault'], cells: number, columns: number): Problem {
  return gatewayErrors.badRow.problem({
    detail: fault ? `The record has a ${fault}` : `The record has ${cells} cells`,
    found,
    expected: fault ? 'quotes as RFC 4180 has them' : `${columns} cells, as the heading`,
  })
}
