import Papa from 'papaparse'
import { didYouMean, MangroveError, type Place, type Problem } from '../../../kernel/index.ts'
import { carbonErrors } from '../../errors.ts'
import type { Activity } from '../activity-schema.ts'
import { type Period, readPeriod } from './period.ts'
import type { TableRow } from './table-schema.ts'

/** A row with the place it came from. */
export interface PlacedActivity {
  readonly row: Activity
  readonly place: Place
}

const mostProblems = 50

/**
 * The rows of a CSV file. An empty amount is an error: a month without a bill is no month without use.
 *
 * @param text of the file; columns are parted by comma, semicolon, tab or bar, and a decimal comma is read where columns are
 * not parted by commas
 * @throws `carbon.bad-activity` with every problem and its line
 */
export function readTable({ table, ...shared }: TableRow, text: string, period: Period): readonly PlacedActivity[] {
  const plain = text.replace(/^\uFEFF/, '')
  const delimiter = delimiterOf(plain)
  const { data } = Papa.parse<string[]>(plain, { delimiter, skipEmptyLines: false })
  const header = (data[0] ?? []).map((name) => name.trim())
  const problems: Problem[] = []
  const refuse = (line: number, detail: string, found: unknown, expected: string): void => {
    if (problems.length >= mostProblems) return
    const place = { file: table.file, line }
    problems.push(carbonErrors.badActivity.problem({ detail: `${shared.id}: ${detail}`, place, found, expected }))
  }
  const { file: _, ...columns } = table
  const places = new Map<string, number>()
  for (const [field, name] of Object.entries(columns)) {
    const at = header.indexOf(name.trim())
    if (at < 0) refuse(1, `The file has no column "${name}"${didYouMean(name, header)}`, name, header.join(', '))
    else if (at !== header.lastIndexOf(name.trim())) refuse(1, 'Two columns have this name', name, 'names that differ')
    places.set(field, at)
  }
  if (problems.length > 0) throw new MangroveError(problems)
  const rows: PlacedActivity[] = []
  data.slice(1).forEach((cells, index) => {
    const line = index + 2
    if (cells.every((cell) => cell.trim() === '')) return
    const cell = (field: string): string | undefined => {
      const at = places.get(field)
      const found = at === undefined ? undefined : (cells[at] ?? '').trim()
      if (found === '') refuse(line, `The column "${columns[field as keyof typeof columns]}" is empty`, '', 'a value')
      return found
    }
    const amount = cell('amount') ?? ''
    const days = daysOf(cell('period'), cell('from') ?? shared.from, cell('to') ?? shared.to, period)
    if (days === undefined) refuse(line, 'This is no time', cell('period'), '2025, 2025-03')
    const unit = cell('unit') ?? shared.unit
    if (unit === undefined) refuse(line, 'The rows have no unit', 'no unit', '`unit`, or a column of units')
    const subject = cell('subject')
    const region = cell('region')
    const id = cell('id')
    rows.push({
      row: {
        ...shared,
        id: id === undefined ? `${shared.id}:${line}` : `${shared.id}:${id}`,
        amount: delimiter !== ',' && /^-?\d+,\d+$/.test(amount) ? amount.replace(',', '.') : amount,
        unit: unit ?? '',
        ...(days ?? period),
        ...(subject === undefined ? {} : { subject }),
        ...(region === undefined ? {} : { region }),
      },
      place: { file: table.file, line },
    })
  })
  if (rows.length === 0) refuse(1, 'The file has no rows', 'a header', 'a header line and rows')
  if (problems.length > 0) throw new MangroveError(problems)
  return rows
}

function daysOf(
  named: string | undefined,
  from: string | undefined,
  to: string | undefined,
  period: Period,
): Period | undefined {
  if (named === undefined) return { from: from ?? period.from, to: to ?? period.to }
  try {
    return readPeriod(named)
  } catch {
    return undefined
  }
}

/** What parts the names of the header line; amounts may hold commas. */
function delimiterOf(text: string): string {
  const header = text.slice(0, text.search(/\r?\n|$/))
  const counts = [',', ';', '\t', '|'].map((mark) => ({ mark, count: header.split(mark).length }))
  return counts.reduce((best, one) => (one.count > best.count ? one : best)).mark
}
