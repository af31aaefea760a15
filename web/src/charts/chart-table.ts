import { isoTime } from '../format/iso-time.ts'
import type { ChartSpec, Line } from './spec.ts'

/** The numbers of a chart, a row a step or a mark. */
export interface ChartTable {
  readonly columns: readonly {
    readonly title: string
    readonly unit?: string | undefined
    /** `time`: milliseconds. */
    readonly kind: 'time' | 'text' | 'number'
  }[]
  readonly rows: readonly (readonly (string | number | null)[])[]
}

/**
 * The table of a time series: starts of steps, and every line on its own. Areas of a stack are sums from the bottom up, those below
 * zero for themselves: here each stands for its own part, as `Line.own` says, or as the difference to the area under it.
 */
export function tableOfSpec({ lines, timestampsMs, unit, rightUnit }: ChartSpec, timeTitle: string): ChartTable {
  const under: { above?: Line; below?: Line } = {}
  const columns = lines.map((line) => {
    const own = line.own ?? (line.shape === 'area' ? partOf(line, under) : line.values)
    return { title: line.label, unit: line.axis === 'right' ? rightUnit : unit, values: own }
  })
  const steps = timestampsMs.slice(0, Math.max(1, timestampsMs.length - 1))
  return {
    columns: [
      { title: timeTitle, kind: 'time' },
      ...columns.map(({ title, unit: own }) => ({ title, unit: own, kind: 'number' as const })),
    ],
    rows: steps.map((timestampMs, k) => [timestampMs, ...columns.map(({ values }) => values[k] ?? null)]),
  }
}

function partOf(line: Line, under: { above?: Line; below?: Line }): readonly (number | null)[] {
  const side = line.values.some((value) => value !== null && value < 0) ? 'below' : 'above'
  const lower = under[side]
  under[side] = line
  return lower ? line.values.map((value, k) => (value === null ? null : value - (lower.values[k] ?? 0))) : line.values
}

/** A name that a spreadsheet would run as a formula, made harmless. */
const harmless = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text)
const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/** As RFC 4180 says: commas, CRLF, points in decimals; times with the offset of the zone; unknown is empty. */
export function csvOf({ columns, rows }: ChartTable, zone: string): string {
  const head = columns.map(({ title, unit }) => quoted(harmless(unit ? `${title} [${unit}]` : title)))
  const cell = (value: string | number | null, kind: string | undefined): string => {
    if (value === null) return ''
    if (typeof value === 'string') return quoted(harmless(value))
    return kind === 'time' ? isoTime(value, zone) : String(Number(value.toPrecision(9)))
  }
  const lines = rows.map((row) => row.map((value, k) => cell(value, columns[k]?.kind)).join(','))
  return `${[head.join(','), ...lines].join('\r\n')}\r\n`
}

/** What a file of a chart is called: letters and digits of any language. */
export const fileNameOf = (title: string): string =>
  title
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .slice(0, 60)
    .replace(/^-|-$/g, '') || 'chart'
