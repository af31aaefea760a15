import { qualityNames } from '../telemetry/series.ts'
import type { View } from './pieces.ts'
import { firstRowAt, type Stroke } from './strokes.ts'
import { localMs } from './time-ticks.ts'

/** A line as it goes into a file. */
export interface ExportLine {
  readonly name: string
  readonly ref: string
  readonly unit: string
  readonly strokes: readonly Stroke[]
}

export interface CsvOptions {
  readonly view: View
  readonly zone: string
  readonly lines: readonly ExportLine[]
  /** Width of the buckets, ms; 0 for values as they were observed. */
  readonly bucketMs: number
}

/** A cell of a table that no spreadsheet takes for a formula. */
export function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

const pad = (value: number, length = 2): string => String(value).padStart(length, '0')

/** Time as the clock of a zone shows it, with its offset: `2026-07-06T08:00:00+08:00`. */
export function zonedTime(timestampMs: number, zone: string): string {
  const clockMs = localMs(timestampMs, zone)
  const minutes = Math.round((clockMs - timestampMs) / 60_000)
  const size = Math.abs(minutes)
  const sign = minutes < 0 ? '-' : '+'
  return `${new Date(clockMs).toISOString().replace(/(\.000)?Z$/, '')}${sign}${pad(Math.floor(size / 60))}:${pad(size % 60)}`
}

/**
 * What is seen as a table: a row a moment, in UTC and in the zone of the site, with value and quality of each point, and least and most
 * where values are of buckets. Cells of points that have no value at a moment are empty.
 */
export function trendCsv({ view, zone, lines, bucketMs }: CsvOptions): string {
  const heads = lines.flatMap(({ name, ref, unit }) => {
    const own = `${name} (${ref}) [${unit}]`
    return bucketMs > 0 ? [own, `${own} min`, `${own} max`, `${own} quality`] : [own, `${own} quality`]
  })
  const cellsEach = bucketMs > 0 ? 4 : 2
  const rows = new Map<number, string[]>()
  for (const [place, { strokes }] of lines.entries()) {
    for (const stroke of strokes) {
      const to = firstRowAt(stroke, view.toMs + 1)
      for (let row = firstRowAt(stroke, view.fromMs); row < to; row += 1) {
        // A value of a bucket is drawn in its middle, and told at its start.
        const timeMs = stroke.timesMs[row]! - bucketMs / 2
        const cells = rows.get(timeMs) ?? Array<string>(lines.length * cellsEach).fill('')
        rows.set(timeMs, cells)
        const own = [stroke.values[row]!, ...(bucketMs > 0 ? [stroke.lows[row]!, stroke.highs[row]!] : [])].map(String)
        own.push(qualityNames[stroke.quality[row]!] ?? 'suspect')
        for (const [cell, text] of own.entries()) cells[place * cellsEach + cell] = text
      }
    }
  }
  const ordered = [...rows].sort(([a], [b]) => a - b)
  const body = ordered.map(([timeMs, cells]) =>
    [new Date(timeMs).toISOString(), zonedTime(timeMs, zone), ...cells].join(','),
  )
  return `${['time_utc', `time ${zone}`, ...heads].map(csvCell).join(',')}\n${body.join('\n')}\n`
}
