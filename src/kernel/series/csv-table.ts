import Papa from 'papaparse'
import { kernelErrors } from '../kernel-errors.ts'
import { didYouMean } from '../schema/index.ts'

/** A CSV file as text cells; row `i` stands on line `i + 2` of the file. */
export interface CsvTable {
  readonly file: string
  readonly delimiter: string
  readonly header: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/**
 * Reads CSV with a header line, the delimiter found by looking (comma, semicolon, tab, bar).
 *
 * @throws `kernel.bad-series` when there is no header or no row
 */
export function readCsvTable(file: string, text: string): CsvTable {
  const { data, meta } = Papa.parse<string[]>(text.replace(/^\uFEFF/, ''), {
    delimitersToGuess: [',', ';', '\t', '|'],
    skipEmptyLines: false,
  })
  const [header = [], ...rows] = data
  while (rows.length > 0 && rows.at(-1)?.every((cell) => cell.trim() === '')) rows.pop()
  if (header.length < 2 || rows.length === 0) {
    throw kernelErrors.badSeries({
      detail: 'The file is no table with a header and rows',
      place: { file, line: 1 },
      found: header.join(meta.delimiter).slice(0, 80),
      expected: 'CSV: a line of column names, then one row a time step',
    })
  }
  return { file, delimiter: meta.delimiter, header: header.map((name) => name.trim()), rows }
}

/** Place of a column. @throws `kernel.column-missing` with the columns there are, `kernel.bad-series` when two have the name */
export function columnIndex({ file, header }: CsvTable, name: string): number {
  const index = header.indexOf(name.trim())
  if (index !== header.lastIndexOf(name.trim())) {
    throw kernelErrors.badSeries({
      detail: `The file has more than one column "${name}"`,
      place: { file, line: 1 },
      found: name,
      expected: 'names that differ',
    })
  }
  if (index >= 0) return index
  throw kernelErrors.columnMissing({
    detail: `The file has no column "${name}"${didYouMean(name, header)}`,
    place: { file, line: 1 },
    found: name,
    expected: `one of ${header.join(', ')}`,
  })
}
