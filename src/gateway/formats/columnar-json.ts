import type { Problem } from '../../kernel/index.ts'
import { gatewayErrors } from '../errors.ts'
import type { BatchBuilder } from './batch-builder.ts'
import { shown } from './check-name.ts'
import { numberOf, unknownField } from './json-row.ts'
import type { ParseContext } from './observation-format.ts'
import { qualityCode, qualityProblem, usualQuality } from './quality-word.ts'
import { numberProblem } from './read-number.ts'
import { isPlausible, timeProblem } from './read-time.ts'

const fields: readonly string[] = ['unit', 'timestampsMs', 'values', 'quality', 'source', 'site']

/** Rows that the columns of `points` hold, before any is looked at: the first size of a batch. */
export function countColumnRows(points: Readonly<Record<string, unknown>>): number {
  let rows = 0
  for (const column of Object.values(points))
    rows += lengthOf((column as { timestampsMs?: unknown } | null)?.timestampsMs)
  return rows
}

const lengthOf = (list: unknown): number => (Array.isArray(list) ? list.length : 0)

/** Adds observations that are written in columns: `{ "battery.soc": { timestampsMs: […], values: […] } }`. */
export function addColumns(
  points: Readonly<Record<string, unknown>>,
  builder: BatchBuilder,
  context: ParseContext,
): void {
  for (const [point, column] of Object.entries(points)) addColumn(point, column, builder, context)
}

function addColumn(point: string, column: unknown, builder: BatchBuilder, context: ParseContext): void {
  const path = `points[${JSON.stringify(shown(point))}]`
  const found = readColumn(point, column, builder, context)
  if ('values' in found) addValues(path, found, builder)
  else {
    const { timestampsMs, values } = (column ?? {}) as { timestampsMs?: unknown; values?: unknown }
    // A column whose rows cannot be counted is refused as one.
    const rows = Math.max(1, lengthOf(timestampsMs), lengthOf(values))
    const { problem, field } = found
    builder.refuse(() => ({ ...problem, place: { path: field ? `${path}.${field}` : path } }), rows)
  }
}

interface Column {
  readonly series: number
  readonly source: number
  readonly timestampsMs: readonly unknown[]
  readonly values: readonly unknown[]
  readonly quality: readonly unknown[] | undefined
}

/** Why a whole column is refused. */
interface Fault {
  readonly problem: Problem
  readonly field?: string
}

function readColumn(point: string, column: unknown, builder: BatchBuilder, context: ParseContext): Column | Fault {
  if (typeof column !== 'object' || column === null || Array.isArray(column)) return { problem: notAColumn(column) }
  for (const field in column) if (!fields.includes(field)) return { problem: unknownField(field, fields) }
  const { unit, timestampsMs, values, quality, source, site } = column as Record<string, unknown>
  if (!Array.isArray(timestampsMs)) return { problem: notAList(timestampsMs), field: 'timestampsMs' }
  if (!Array.isArray(values)) return { problem: notAList(values), field: 'values' }
  if (quality !== undefined && !Array.isArray(quality)) return { problem: notAList(quality), field: 'quality' }
  if (values.length !== timestampsMs.length) return { problem: unequal(values, timestampsMs), field: 'values' }
  if (quality && quality.length !== values.length) return { problem: unequal(quality, values), field: 'quality' }
  for (const [field, told] of Object.entries({ unit, source, site })) {
    if (told !== undefined && typeof told !== 'string') return { problem: notAText(told), field }
  }
  const [ofUnit, ofSource, ofSite] = [unit, source, site] as readonly (string | undefined)[]
  const sourceIndex = builder.sourceIndex(ofSource || context.source)
  if (typeof sourceIndex !== 'number') return { problem: sourceIndex, field: 'source' }
  // No rows make no series.
  const series = values.length === 0 ? 0 : builder.seriesIndex(ofSite || context.site, point, ofUnit || undefined)
  if (typeof series !== 'number') return { problem: series }
  return { series, source: sourceIndex, timestampsMs, values, quality }
}

function addValues(path: string, column: Column, builder: BatchBuilder): void {
  const { series, source, timestampsMs, values, quality } = column
  for (let row = 0; row < timestampsMs.length; row += 1) {
    const stamp = timestampsMs[row]
    const found = values[row]
    const refuse = (field: string, problem: () => Problem): void =>
      builder.refuse(() => ({ ...problem(), place: { path: `${path}.${field}[${row}]` } }))
    if (typeof stamp !== 'number' || !isPlausible(stamp)) {
      refuse('timestampsMs', () => timeProblem(stamp))
      continue
    }
    const value = typeof found === 'number' && Number.isFinite(found) ? found : numberOf(found)
    if (value === undefined) {
      refuse('values', () => numberProblem(found))
      continue
    }
    const told = quality?.[row]
    const code = told === undefined || told === null ? usualQuality(value) : qualityCode(told)
    if (code === undefined) {
      refuse('quality', () => qualityProblem(told))
      continue
    }
    const problem = builder.add(series, source, stamp, value, code)
    if (problem) refuse('values', () => problem)
  }
}

const notAColumn = (found: unknown): Problem =>
  gatewayErrors.badRow.problem({
    detail: 'The observations of a point are not an object',
    found: shown(found),
    expected: '{ "timestampsMs": […], "values": […] }',
  })

const notAList = (found: unknown): Problem =>
  gatewayErrors.badRow.problem({ detail: 'The column is not a list', found: shown(found), expected: 'a list' })

const unequal = (found: readonly unknown[], expected: readonly unknown[]): Problem =>
  gatewayErrors.badRow.problem({
    detail: 'The columns of a point differ in length',
    found: found.length,
    expected: `${expected.length}, as many as timestampsMs`,
  })

const notAText = (found: unknown): Problem =>
  gatewayErrors.badName.problem({ detail: 'The name is not text', found: shown(found), expected: 'a text' })
