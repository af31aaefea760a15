import { type Problem, quality } from '../../kernel/index.ts'
import { gatewayErrors } from '../errors.ts'
import type { BatchBuilder, Index } from './batch-builder.ts'
import { excerpt } from './byte-text.ts'
import { badRecord, type CsvBody, truthOf } from './csv-body.ts'
import { type CsvCells, openCsvCells, scanCsvRecord } from './csv-cells.ts'
import { rowFields } from './json-row.ts'
import type { ParseContext } from './observation-format.ts'
import { numberProblem, readNumber } from './read-number.ts'
import { readTime, timeProblem } from './read-time.ts'

/** Adds the records of the wide form: one time and a value of each point that has one. */
export function addWideRows(body: CsvBody, builder: BatchBuilder, context: ParseContext): void {
  const { bytes, columns } = body
  const time = timeColumn(columns)
  const source = builder.sourceIndex(context.source)
  const series: (Index | undefined)[] = columns.map(() => undefined)
  const cells = openCsvCells(columns.length)
  const { starts, ends } = cells
  let start = body.start
  let line = body.line
  for (; start < bytes.length; start = cells.next, line += cells.lines) {
    scanCsvRecord(bytes, start, cells)
    if (cells.count === 1 && starts[0] === ends[0] && !cells.fault) continue
    if (cells.fault || cells.count !== columns.length) {
      refuseRecord(body, cells, time, start, line, builder)
      continue
    }
    const ms = readTime(bytes, starts[time]!, ends[time]!)
    if (Number.isNaN(ms)) {
      refuseTime(body, cells, time, line, builder)
      continue
    }
    for (let column = 0; column < columns.length; column += 1) {
      if (column === time || starts[column] === ends[column]) continue
      // A column without a value makes no series.
      const index = series[column] ?? builder.seriesIndex(context.site, columns[column]!, undefined)
      series[column] = index
      const value = readValue(bytes, starts[column]!, ends[column]!)
      if (!Number.isFinite(value)) refuseValue(body, cells, column, line, builder)
      else if (typeof index !== 'number') refuseAs(index, line, columns[column]!, builder)
      else if (typeof source !== 'number') refuseAs(source, line, columns[column]!, builder)
      else {
        const problem = builder.add(index, source, ms, value, quality.good)
        if (problem) refuseAs(problem, line, columns[column]!, builder)
      }
    }
  }
}

function readValue(bytes: Buffer, start: number, end: number): number {
  const value = readNumber(bytes, start, end)
  return Number.isNaN(value) ? truthOf(bytes, start, end) : value
}

// What is refused is told by functions of its own: a variable that a closure holds is slow for all records.

function refuseRecord(
  { bytes, columns }: CsvBody,
  cells: CsvCells,
  time: number,
  start: number,
  line: number,
  builder: BatchBuilder,
): void {
  const problem = (): Problem =>
    badRecord(excerpt(bytes, start, cells.next - 1), cells.fault, cells.count, columns.length)
  builder.refuse(() => ({ ...problem(), place: { line } }), filled(cells, time))
}

function refuseTime(
  { bytes, columns }: CsvBody,
  cells: CsvCells,
  time: number,
  line: number,
  builder: BatchBuilder,
): void {
  const found = (): string => excerpt(bytes, cells.starts[time]!, cells.ends[time]!)
  builder.refuse(() => ({ ...timeProblem(found()), place: { line, path: columns[time]! } }), filled(cells, time))
}

function refuseValue(
  { bytes, columns }: CsvBody,
  cells: CsvCells,
  column: number,
  line: number,
  builder: BatchBuilder,
): void {
  const found = (): string => excerpt(bytes, cells.starts[column]!, cells.ends[column]!)
  builder.refuse(() => ({ ...numberProblem(found()), place: { line, path: columns[column]!.slice(0, 80) } }))
}

function refuseAs(problem: Problem, line: number, column: string, builder: BatchBuilder): void {
  builder.refuse(() => ({ ...problem, place: { line, path: column.slice(0, 80) } }))
}

/** Values of a record that cannot be read: at least one is lost with it. */
function filled({ starts, ends, count }: CsvCells, time: number): number {
  let values = 0
  for (let column = 0; column < Math.min(count, starts.length); column += 1) {
    if (column !== time && starts[column]! < ends[column]!) values += 1
  }
  return Math.max(1, values)
}

function timeColumn(columns: readonly string[]): number {
  const place = { line: 1 }
  const time = columns.findIndex((name) => name === 'time' || name === 'timestampMs')
  const reserved = columns.find((name, column) => column !== time && rowFields.includes(name))
  if (reserved !== undefined) {
    throw gatewayErrors.badBody({
      detail: 'A column of a table with one column a point has the name of a field',
      place,
      found: reserved,
      expected: 'time,<point>,<point>… or, with a column point, time,point,value',
    })
  }
  if (columns.length === 1)
    throw gatewayErrors.badBody({ detail: 'The table has no points', place, expected: 'time,<point>…' })
  return time
}
