import type { Place, Problem } from '../../kernel/index.ts'
import { gatewayErrors } from '../errors.ts'
import type { BatchBuilder, Index } from './batch-builder.ts'
import { shown } from './check-name.ts'
import type { ParseContext } from './observation-format.ts'
import { qualityCode, qualityProblem, usualQuality } from './quality-word.ts'
import { numberProblem } from './read-number.ts'
import { timeOf, timeProblem } from './read-time.ts'

/** Fields of an observation that is written as an object. */
export const rowFields: readonly string[] = [
  'point',
  'time',
  'timestampMs',
  'value',
  'unit',
  'quality',
  'source',
  'site',
]
const knownFields: ReadonlySet<string> = new Set(rowFields)

/** Adds one observation that JSON holds as an object, or refuses it. */
export function addJsonRow(row: unknown, builder: BatchBuilder, context: ParseContext, place: () => Place): void {
  const fault = tryRow(row, builder, context)
  if (!fault) return
  builder.refuse(() => {
    const { line, path } = place()
    const whole = [path, fault.field].filter(Boolean).join('.')
    const at = { ...(line === undefined ? {} : { line }), ...(whole === '' ? {} : { path: whole }) }
    return { ...fault.problem(), place: at }
  })
}

interface Fault {
  readonly problem: () => Problem
  readonly field?: string
}

function tryRow(row: unknown, builder: BatchBuilder, context: ParseContext): Fault | undefined {
  if (typeof row !== 'object' || row === null || Array.isArray(row)) return { problem: () => notAnObject(row) }
  for (const field in row) if (!knownFields.has(field)) return { problem: () => unknownField(field) }
  const { point, time, timestampMs, value, unit, quality: told, source, site } = row as Record<string, unknown>

  if (time !== undefined && timestampMs !== undefined) return { problem: twoTimes, field: 'time' }
  const stamp = time ?? timestampMs
  if (stamp === undefined || stamp === null) return { problem: () => missing('time'), field: 'time' }
  const ms = timeOf(stamp)
  if (Number.isNaN(ms)) return { problem: () => timeProblem(stamp), field: time === undefined ? 'timestampMs' : 'time' }

  if (value === undefined) return { problem: () => missing('value'), field: 'value' }
  const number = numberOf(value)
  if (number === undefined) return { problem: () => numberProblem(value), field: 'value' }

  const code = told === undefined || told === null ? usualQuality(number) : qualityCode(told)
  if (code === undefined) return { problem: () => qualityProblem(told), field: 'quality' }

  if (point === undefined) return { problem: () => missing('point'), field: 'point' }
  if (typeof point !== 'string') return { problem: () => notAName('point', point), field: 'point' }
  const unitText = nameOr(unit, undefined)
  const siteText = nameOr(site, context.site)
  const sourceText = nameOr(source, context.source)
  if (unitText === notText) return { problem: () => notAName('unit', unit), field: 'unit' }
  if (siteText === notText) return { problem: () => notAName('site', site), field: 'site' }
  if (sourceText === notText) return { problem: () => notAName('source', source), field: 'source' }

  const seriesIndex: Index = builder.seriesIndex(siteText as string, point, unitText as string | undefined)
  if (typeof seriesIndex !== 'number') return { problem: () => seriesIndex, field: 'point' }
  const sourceIndex = builder.sourceIndex(sourceText as string)
  if (typeof sourceIndex !== 'number') return { problem: () => sourceIndex, field: 'source' }
  const problem = builder.add(seriesIndex, sourceIndex, ms, number, code)
  return problem && { problem: () => problem }
}

const notText: unique symbol = Symbol('not text')

/** A text, or `usual` where there is none. */
function nameOr<Usual>(value: unknown, usual: Usual): string | Usual | typeof notText {
  if (value === undefined || value === null || value === '') return usual
  return typeof value === 'string' ? value : notText
}

/**
 * A value of JSON as a number: true is 1 and false is 0, so that no point forks by type; null is NaN, which means
 * missing. Undefined for all else, ±Infinity (`1e999`) too.
 */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  if (value === null) return Number.NaN
  return typeof value === 'boolean' ? Number(value) : undefined
}

export const missing = (field: string): Problem =>
  gatewayErrors.missingField.problem({ detail: `The observation has no ${field}`, expected: `a field ${field}` })

export const unknownField = (field: string, known: readonly string[] = rowFields): Problem =>
  gatewayErrors.unknownField.problem({
    detail: 'The field is not known',
    found: shown(field),
    expected: `one of ${known.join(', ')}`,
  })

const notAnObject = (row: unknown): Problem =>
  gatewayErrors.badRow.problem({
    detail: 'The observation is not an object',
    found: shown(row),
    expected: '{ "point": …, "time": …, "value": … }',
  })

const notAName = (what: string, found: unknown): Problem =>
  gatewayErrors.badName.problem({
    detail: `The name of the ${what} is not text`,
    found: shown(found),
    expected: 'a text',
  })

const twoTimes = (): Problem =>
  gatewayErrors.badRow.problem({ detail: 'The observation has two times', expected: 'time or timestampMs, not both' })
