import {
  arrowMediaType,
  csvCell,
  csvChunks,
  lineChunks,
  ndjsonChunks,
  type WrittenRanges,
} from '../../gateway/index.ts'
import { qualityNames } from '../../kernel/index.ts'
import type { AnswerPoint, AnswerPoints } from './answer-columns.ts'
import type { AnswerMediaType } from './media-choice.ts'
import { arrowSlices } from './write-arrow-slices.ts'

/** Rows that are written in one turn: a millisecond or two of work. */
const rowsAChunk = 1024

/**
 * An answer as a table of the long form. Values as they stand are written as they are read by `POST /api/v1/observations`; with
 * several aggregates there is a column of each instead of `value`.
 */
export function tableChunks(
  mediaType: Exclude<AnswerMediaType, 'application/json'>,
  points: AnswerPoints,
): Iterable<Uint8Array> | AsyncIterable<Uint8Array> {
  const aggregates = [...([...points.values()][0]?.aggregates?.keys() ?? [])]
  const plain = aggregates.length === 0
  if (mediaType === arrowMediaType) return arrowSlices(points)
  const ndjson = mediaType === 'application/x-ndjson'
  if (plain) return ndjson ? inSlices(points, ndjsonChunks, 0) : inSlices(points, csvChunks, 1)
  return textChunks(points, aggregates, ndjson)
}

/**
 * What the gateway writes of each slice.
 *
 * @param headings chunks at the beginning that stand once
 */
function* inSlices(
  points: AnswerPoints,
  write: (ranges: WrittenRanges) => Iterable<Uint8Array>,
  headings: number,
): Generator<Uint8Array> {
  if (headings > 0) yield* write({})
  for (const [name, point] of points) {
    for (let from = 0; from < point.timestampsMs.length; from += rowsAChunk) {
      let skipped = 0
      for (const chunk of write({ [name]: sliceOf(point, from, from + rowsAChunk) })) {
        if (skipped < headings) skipped += 1
        else yield chunk
      }
    }
  }
}

const sliceOf = ({ unit, timestampsMs, values, quality }: AnswerPoint, from: number, to: number) => {
  const part = (list: ArrayLike<number>): number[] => Array.prototype.slice.call(list, from, to)
  return { unit, timestampsMs: part(timestampsMs), values: part(values), quality: part(quality) }
}

function textChunks(points: AnswerPoints, aggregates: readonly string[], ndjson: boolean): Iterable<Uint8Array> {
  const lineOf = ndjson ? jsonLine : csvLine
  const parts = [...points].map(([name, point]) => [point.timestampsMs.length, lineOf(name, point)] as const)
  return lineChunks(parts, rowsAChunk, ndjson ? '' : `time,point,${aggregates.join(',')},unit,quality\n`)
}

const timeOf = ({ timestampsMs }: AnswerPoint, row: number): string => new Date(timestampsMs[row]!).toISOString()
const qualityOf = ({ quality }: AnswerPoint, row: number): string => qualityNames[quality[row]!] ?? 'suspect'

function csvLine(name: string, point: AnswerPoint): (row: number) => string {
  const columns = [...point.aggregates!.values()]
  const [nameCell, unitCell] = [csvCell(name), csvCell(point.unit)]
  const shown = (value: number): string => (Number.isNaN(value) ? '' : `${value}`)
  return (row) =>
    `${timeOf(point, row)},${nameCell},${columns.map((values) => shown(values[row]!)).join(',')},${unitCell},${qualityOf(point, row)}\n`
}

function jsonLine(name: string, point: AnswerPoint): (row: number) => string {
  const columns = [...point.aggregates!]
  const [nameText, unitText] = [JSON.stringify(name), JSON.stringify(point.unit)]
  const shown = (value: number): string => (Number.isNaN(value) ? 'null' : `${value}`)
  return (row) =>
    `{"point":${nameText},"time":"${timeOf(point, row)}",${columns
      .map(([aggregate, values]) => `"${aggregate}":${shown(values[row]!)}`)
      .join(',')},"unit":${unitText},"quality":"${qualityOf(point, row)}"}\n`
}
