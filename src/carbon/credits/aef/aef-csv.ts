import { type AefRow, type AefTableName, aefColumns } from './columns.ts'

/** A table as CSV (RFC 4180): headings first, empty where nothing is told. */
export const aefCsv = (table: AefTableName, rows: readonly AefRow[]): string =>
  [aefColumns[table], ...rows.map((row) => aefColumns[table].map((heading) => row[heading] ?? ''))]
    .map((cells) => cells.map(quoted).join(','))
    .join('\r\n')

/** A cell that a spreadsheet would take for a formula gets a mark before it, for names come from whoever registered a project. */
const quoted = (text: string): string => {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
