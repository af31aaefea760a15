import { MangroveError, type ProblemDetails } from '../errors.ts'
import { type Catalogued, kernelErrors } from '../kernel-errors.ts'
import { didYouMean, validatorOf } from '../schema/index.ts'
import { inCurrency, isPlausible, parseQuantity } from '../units/index.ts'
import type { Path } from './site-document.ts'

/** JSON Schema as the reader walks it; a TypeBox schema is one. */
export interface FieldSchema {
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly FieldSchema[]
  readonly properties?: Readonly<Record<string, FieldSchema>>
  readonly required?: readonly string[]
  readonly items?: FieldSchema | readonly FieldSchema[]
  readonly minItems?: number
  readonly maxItems?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly pattern?: string
  readonly default?: unknown
  readonly 'x-unit'?: string
  readonly 'x-series'?: string
  readonly 'x-format'?: string
}

export interface FieldReader {
  /** Currency that `CUR` in units stands for. */
  readonly currency: string
  /** Notes a problem; reading goes on. */
  report(error: Catalogued, path: Path, details: ProblemDetails): void
  /** Checks the source of a series whose values are in `unit`. */
  readSource(value: unknown, unit: string, path: Path, reader: FieldReader): unknown
}

/** A reader that also knows whether anything was reported through it. */
export function watchedReader(reader: FieldReader): { readonly reader: FieldReader; isSound(): boolean } {
  let sound = true
  return {
    isSound: () => sound,
    reader: {
      ...reader,
      report: (...report) => {
        sound = false
        reader.report(...report)
      },
    },
  }
}

/**
 * Reads a value by its schema: defaults filled in, quantities with a unit turned into numbers of the field's unit.
 * Every problem is reported; what is returned beside a problem must not be used.
 */
export function readField(schema: FieldSchema, value: unknown, path: Path, reader: FieldReader): unknown {
  if (schema['x-series'] !== undefined) {
    return reader.readSource(value, inCurrency(schema['x-series'], reader.currency), path, reader)
  }
  if (schema['x-unit'] !== undefined) return readQuantity(schema, schema['x-unit'], value, path, reader)
  if (schema.anyOf) return readChoice(schema.anyOf, value, path, reader)
  if (schema.const !== undefined || schema.enum) {
    const choices = schema.enum ?? [schema.const]
    if (!choices.includes(value)) wrong(reader, path, value, choices.map(String).join(' or '))
    return value
  }
  switch (schema.type) {
    case 'object':
      return schema.properties ? readObject(schema, value, path, reader) : readOther(schema, value, path, reader)
    case 'array':
      return readList(schema, value, path, reader)
    case 'number':
    case 'integer':
      return readNumber(schema, value, path, reader)
    case 'string':
      return readText(schema, value, path, reader)
    case 'boolean':
      if (typeof value !== 'boolean') wrong(reader, path, value, 'true or false')
      return value
    default:
      return readOther(schema, value, path, reader)
  }
}

const wrong = (reader: FieldReader, path: Path, found: unknown, expected: string): void =>
  reader.report(kernelErrors.badValue, path, {
    detail: 'This is not what is meant here',
    found: short(found),
    expected,
  })

/** Lists and objects are named, not printed; so is what JSON has no number for. */
export function short(value: unknown): unknown {
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object' && value !== null) return 'an object'
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value
}

function readQuantity(schema: FieldSchema, unit: string, value: unknown, path: Path, reader: FieldReader): unknown {
  const wanted = inCurrency(unit, reader.currency)
  if (typeof value === 'number') return readNumber(schema, value, path, reader, wanted)
  if (typeof value !== 'string') {
    wrong(reader, path, value, `a number in ${wanted}, or text with a unit`)
    return value
  }
  try {
    return readNumber(schema, parseQuantity(value, wanted), path, reader, wanted)
  } catch (error) {
    if (!(error instanceof MangroveError)) throw error
    const [problem] = error.problems
    reader.report(kernelErrors.unitMismatch, path, {
      detail: problem?.detail ?? '',
      found: value,
      expected: `a number in ${wanted}, or text such as "5 ${wanted}"`,
    })
    return value
  }
}

function readNumber(schema: FieldSchema, value: unknown, path: Path, reader: FieldReader, unit = ''): unknown {
  const kind = schema.type === 'integer' ? 'a whole number' : 'a number'
  if (typeof value !== 'number' || !Number.isFinite(value) || (schema.type === 'integer' && !Number.isInteger(value))) {
    wrong(reader, path, value, kind)
    return value
  }
  if (!isPlausible(value)) wrong(reader, path, value, `${kind} of at most 1e12`)
  const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY, exclusiveMinimum } = schema
  if (value < minimum || value > maximum || (exclusiveMinimum !== undefined && value <= exclusiveMinimum)) {
    reader.report(kernelErrors.outOfRange, path, {
      detail: 'The value is out of range',
      found: value,
      expected: rangeWords(schema, unit === '1' || unit === '' ? '' : ` ${unit}`),
    })
  }
  return value
}

function rangeWords({ minimum, maximum, exclusiveMinimum }: FieldSchema, unit: string): string {
  const above = exclusiveMinimum === undefined ? undefined : `more than ${exclusiveMinimum}${unit}`
  if (maximum === undefined) return above ?? `${minimum}${unit} or more`
  if (above !== undefined) return `${above}, at most ${maximum}${unit}`
  return minimum === undefined ? `at most ${maximum}${unit}` : `${minimum} to ${maximum}${unit}`
}

function readText(schema: FieldSchema, value: unknown, path: Path, reader: FieldReader): unknown {
  const expected = schema['x-format'] === 'time-of-day' ? 'HH:MM, 00:00 to 24:00' : 'text'
  if (typeof value !== 'string')
    wrong(reader, path, value, typeof value === 'number' ? `${expected} in quotes` : expected)
  else if (schema.pattern !== undefined && !new RegExp(schema.pattern, 'u').test(value)) {
    wrong(reader, path, value, expected === 'text' ? `text that fits ${schema.pattern}` : expected)
  }
  return value
}

function readObject(schema: FieldSchema, value: unknown, path: Path, reader: FieldReader): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    wrong(reader, path, value, 'an object with fields')
    return value
  }
  const properties = schema.properties ?? {}
  const names = Object.keys(properties)
  for (const name of Object.keys(value).filter((key) => !Object.hasOwn(properties, key))) {
    reader.report(kernelErrors.unknownField, [...path, name], {
      detail: `Nothing reads the field "${name}"${didYouMean(name, names)}`,
      found: name,
      expected: `one of ${names.join(', ')}`,
    })
  }
  const read: [string, unknown][] = []
  for (const [name, field] of Object.entries(properties)) {
    const given = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined
    const known = given ?? structuredClone(field.default)
    if (known !== undefined) read.push([name, readField(field, known, [...path, name], reader)])
    else if (schema.required?.includes(name)) {
      reader.report(kernelErrors.missingField, [...path, name], {
        detail: `The field "${name}" is missing`,
        expected: expectation(field, reader.currency),
      })
    }
  }
  return Object.fromEntries(read)
}

function readList(schema: FieldSchema, value: unknown, path: Path, reader: FieldReader): unknown {
  const { items, minItems = 0, maxItems = Number.POSITIVE_INFINITY } = schema
  if (!Array.isArray(value)) {
    wrong(reader, path, value, 'a list')
    return value
  }
  const tuple = Array.isArray(items) ? (items as readonly FieldSchema[]) : undefined
  const [least, most] = tuple ? [tuple.length, tuple.length] : [minItems, maxItems]
  if (value.length < least || value.length > most) {
    const range =
      least === most ? `${least}` : most === Number.POSITIVE_INFINITY ? `${least} or more` : `${least} to ${most}`
    reader.report(kernelErrors.badValue, path, {
      detail: 'The list has the wrong length',
      found: value.length,
      expected: `${range} entries`,
    })
    return value
  }
  return value.map((entry, index) => {
    const field = tuple ? tuple[index] : (items as FieldSchema | undefined)
    return field ? readField(field, entry, [...path, index], reader) : entry
  })
}

/** A union: the first variant without a problem; where none fits, choices of words are named, else the nearest told. */
function readChoice(variants: readonly FieldSchema[], value: unknown, path: Path, reader: FieldReader): unknown {
  let fewest: readonly Parameters<FieldReader['report']>[] | undefined
  for (const variant of variants) {
    const reports: Parameters<FieldReader['report']>[] = []
    const read = readField(variant, value, path, { ...reader, report: (...report) => void reports.push(report) })
    if (reports.length === 0) return read
    if (!fewest || reports.length < fewest.length) fewest = reports
  }
  if (variants.every(({ const: only }) => only !== undefined)) {
    wrong(reader, path, value, `one of ${variants.map(({ const: only }) => String(only)).join(', ')}`)
  } else for (const report of fewest ?? []) reader.report(...report)
  return value
}

/** What the walk does not know (records, intersections of a third party's pack) the validator of the schema checks. */
function readOther(schema: FieldSchema, value: unknown, path: Path, reader: FieldReader): unknown {
  const validator = validatorOf(schema as never)
  const filled = validator.Default(structuredClone(value))
  if (!validator.Check(filled)) {
    for (const error of validator.Errors(filled).slice(0, 10)) {
      wrong(reader, [...path, ...error.instancePath.split('/').slice(1)], value, error.message)
    }
  }
  return filled
}

function expectation(field: FieldSchema, currency: string): string {
  if (field['x-series'] !== undefined)
    return `a number, a daily profile, values, an observation or a file, in ${inCurrency(field['x-series'], currency)}`
  if (field['x-unit'] !== undefined)
    return field['x-unit'] === '1' ? 'a number' : `a number in ${inCurrency(field['x-unit'], currency)}`
  if (field.anyOf?.every(({ const: only }) => only !== undefined))
    return `one of ${field.anyOf.map(({ const: only }) => String(only)).join(', ')}`
  return typeWords[String(field.type)] ?? 'a value'
}

const typeWords: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object with fields',
}
