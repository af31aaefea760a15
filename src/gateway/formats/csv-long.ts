import type { Problem } from '../../kernel/index.ts'
import { gatewayErrors } from '../errors.ts'
import type { BatchBuilder } from './batch-builder.ts'
import { excerpt, latin1 } from './byte-text.ts'
import { badRecord, type CsvBody, csvText, truthOf } from './csv-body.ts'
import { type CsvCells, openCsvCells, scanCsvRecord } from './csv-cells.ts'
import { missing, rowFields, unknownField } from './json-row.ts'
import type { ParseContext } from './observation-format.ts'
import { qualityCode, qualityProblem, usualQuality } from './quality-word.ts'
import { numberProblem, readNumber } from './read-number.ts'
import { readTime, timeProblem } from './read-time.ts'
import { createRowNames, type RowNames } from './row-names.ts'

/** Where each field stands in a record; -1: there is no such column. */
interface LongColumns {
  readonly time: number
  readonly point: number
  readonly value: number
  readonly unit: number
  readonly quality: number
  readonly source: number
  readonly site: number
}

/** Adds the records of the long form: one observation each. */
export function addLongRows(body: CsvBody, builder: BatchBuilder, context: ParseContext): void {
  const { bytes, columns } = body
  const reading: Reading = {
    bytes,
    columns,
    field: longColumns(columns),
    cells: openCsvCells(columns.length),
    builder,
  }
  const { cells, field } = reading
  const names = createRowNames(bytes, builder, context, field, (from, to) => csvText(bytes, from, to))
  let start = body.start
  let line = body.line
  while (start < bytes.length) {
    scanCsvRecord(bytes, start, cells)
    const isBlankLine = cells.count === 1 && cells.starts[0] === cells.ends[0] && !cells.fault
    if (!isBlankLine) {
      const outcome = addRecord(reading, names)
      if (outcome !== kept) refuseRecord(reading, outcome, start, line)
    }
    start = cells.next
    line += cells.lines
  }
}

interface Reading {
  readonly bytes: Buffer
  readonly columns: readonly string[]
  readonly field: LongColumns
  readonly cells: CsvCells
  readonly builder: BatchBuilder
}

const kept = -1
const broken = -2

/** Adds a record. Returns `kept`, `broken`, the column that cannot be read, or what else is wrong. */
function addRecord({ bytes, field, cells, builder }: Reading, names: RowNames): number | Problem {
  const { starts, ends, fault, count } = cells
  if (fault || count !== starts.length) return broken
  const ms = readTime(bytes, starts[field.time]!, ends[field.time]!)
  if (Number.isNaN(ms)) return field.time

  const from = starts[field.value]!
  const to = ends[field.value]!
  let value = Number.NaN
  if (from < to) {
    value = readNumber(bytes, from, to)
    if (Number.isNaN(value)) value = truthOf(bytes, from, to)
    if (!Number.isFinite(value)) return field.value
  }

  let code: number | undefined = usualQuality(value)
  if (field.quality >= 0 && starts[field.quality]! < ends[field.quality]!) {
    code = qualityCode(latin1(bytes, starts[field.quality]!, ends[field.quality]!))
    if (code === undefined) return field.quality
  }

  if (starts[field.point] === ends[field.point]) return field.point
  const series = names.series(cells)
  if (typeof series !== 'number') return series
  const source = names.source(cells)
  if (typeof source !== 'number') return source
  return builder.add(series, source, ms, value, code) ?? kept
}

function refuseRecord(reading: Reading, outcome: number | Problem, start: number, line: number): void {
  const { bytes, columns, field, cells, builder } = reading
  const { starts, ends, fault, count, next } = cells
  builder.refuse(() => {
    if (outcome === broken) {
      return { ...badRecord(excerpt(bytes, start, next - 1), fault, count, columns.length), place: { line } }
    }
    if (typeof outcome !== 'number') return { ...outcome, place: { line } }
    const text = excerpt(bytes, starts[outcome]!, ends[outcome]!)
    const place = { line, path: columns[outcome]! }
    if (outcome === field.time) return { ...timeProblem(text), place }
    if (outcome === field.value) return { ...numberProblem(text), place }
    return { ...(outcome === field.quality ? qualityProblem(text) : missing('point')), place }
  })
}

function longColumns(columns: readonly string[]): LongColumns {
  const place = { line: 1 }
  const unknown = columns.find((name) => !rowFields.includes(name))
  if (unknown !== undefined) throw badHeading(unknownField(unknown))
  const column = (name: string): number => columns.indexOf(name)
  if (column('value') < 0) throw badHeading(missing('value'))
  if (column('time') >= 0 && column('timestampMs') >= 0) {
    throw gatewayErrors.badBody({ detail: 'The heading has two times', place, expected: 'time or timestampMs' })
  }
  return {
    time: Math.max(column('time'), column('timestampMs')),
    point: column('point'),
    value: column('value'),
    unit: column('unit'),
    quality: column('quality'),
    source: column('source'),
    site: column('site'),
  }
}

const badHeading = ({ detail, found, expected }: Problem): Error =>
  gatewayErrors.badBody({ detail, place: { line: 1 }, found, expected: expected ?? 'another heading' })
