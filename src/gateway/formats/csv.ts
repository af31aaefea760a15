import { gatewayErrors } from '../errors.ts'
import { createBatchBuilder } from './batch-builder.ts'
import { guessLines, textStart } from './byte-text.ts'
import { shown } from './check-name.ts'
import { type CsvBody, csvText } from './csv-body.ts'
import { openCsvCells, scanCsvRecord } from './csv-cells.ts'
import { addLongRows } from './csv-long.ts'
import { addWideRows } from './csv-wide.ts'
import type { ObservationParser } from './observation-format.ts'

/**
 * CSV with a heading, in one of two forms.
 *
 * Long: `time,point,value` and any of `unit,quality,source,site`, in any order; an empty value is a missing one.
 * Wide: `time` (or `timestampMs`) and a column for each point; an empty cell says nothing of its point.
 *
 * @throws `gateway.bad-body` where the heading fits neither form
 */
export const parseCsv: ObservationParser = (bytes, context, memory) => {
  const builder = createBatchBuilder(context, memory, guessLines(bytes))
  const start = textStart(bytes)
  const body = readHeading(bytes, start, context.limits.maxSeries)
  if (body.columns.includes('point')) addLongRows(body, builder, context)
  else addWideRows(body, builder, context)
  return builder.finish()
}

function readHeading(bytes: Buffer, start: number, maxSeries: number): CsvBody {
  const size = openCsvCells(0)
  scanCsvRecord(bytes, start, size)
  const place = { line: 1 }
  if (size.fault)
    throw gatewayErrors.badBody({ detail: `The heading has a ${size.fault}`, place, expected: 'RFC 4180' })
  if (size.count > maxSeries + 1) {
    throw gatewayErrors.tooManyNames({
      detail: `The heading has ${size.count} columns`,
      place,
      expected: `${maxSeries}`,
    })
  }
  const cells = openCsvCells(size.count)
  scanCsvRecord(bytes, start, cells)
  const columns = Array.from({ length: size.count }, (_, column) =>
    csvText(bytes, cells.starts[column]!, cells.ends[column]!),
  )
  const noText = columns.indexOf(undefined)
  if (noText >= 0) throw gatewayErrors.badBody({ detail: `Column ${noText + 1} has no name in UTF-8`, place })
  const seen = new Set<string | undefined>()
  const twice = columns.find((name) => seen.size === seen.add(name).size)
  if (twice !== undefined) {
    throw gatewayErrors.badBody({
      detail: 'Two columns have one name',
      place,
      found: shown(twice),
      expected: 'different names',
    })
  }
  if (!columns.includes('time') && !columns.includes('timestampMs')) {
    throw gatewayErrors.badBody({
      detail: 'The heading has no column of times',
      place,
      found: shown(columns.slice(0, 10).join(',')),
      expected: 'time,point,value or time,<point>,<point>…, separated by commas',
    })
  }
  return { bytes, start: cells.next, line: 1 + cells.lines, columns: columns as readonly string[] }
}
