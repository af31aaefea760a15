import type { TSchema } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import { Settings } from 'typebox/system'
import { MangroveError, type ProblemDetails } from '../errors.ts'
import { parseDuration } from '../time/duration.ts'
import { parseInstant } from '../time/zone.ts'
import { meantBranches } from './meant-branches.ts'
import { didYouMean } from './suggest.ts'

const validators = new WeakMap<TSchema, Validator>()

/** The compiled validator of a schema, compiled once. */
export function validatorOf(schema: TSchema): Validator {
  const known = validators.get(schema)
  if (known) return known
  const compiled = Compile(schema) as unknown as Validator
  validators.set(schema, compiled)
  return compiled
}

export interface CheckedValue {
  /** With defaults filled in; only good to use when there is no problem. */
  readonly value: unknown
  readonly problems: readonly ProblemDetails[]
}

export interface CheckOptions {
  /** First part of every path: `query`, `body`. */
  readonly root?: string
  /** Reads text as the number or boolean that the schema wants. */
  readonly fromText?: boolean
}

const maxProblems = 50
/** Each branch of a union has errors of its own; those of branches that are not meant are left out afterwards. */
Settings.Set({ maxErrors: 20 * maxProblems })

/** Fills in defaults and checks a value against a schema; every problem with its place, fields nobody knows too. */
export function checkValue(
  schema: TSchema,
  input: unknown,
  { root, fromText = false }: CheckOptions = {},
): CheckedValue {
  const validator = validatorOf(schema)
  const filled = validator.Default(structuredClone(input))
  const value = fromText ? validator.Convert(filled) : filled
  const pathOf = (parts: readonly string[]): string => [root, ...parts].filter(Boolean).join('.')
  const problems: ProblemDetails[] = validator.Check(value)
    ? []
    : meantBranches(validator.Errors(value)).map((error): ProblemDetails => {
        const parts = error.instancePath.split('/').slice(1)
        const path = pathOf(parts)
        return {
          detail: path === '' ? `The input ${error.message}` : 'The value does not fit',
          place: { path },
          found: valueAt(value, parts),
          expected: error.message.replace(/^must be /, ''),
        }
      })
  const known = Object.keys((schema as { properties?: object }).properties ?? {})
  const open = (schema as { additionalProperties?: unknown }).additionalProperties !== undefined
  if (known.length > 0 && !open && typeof value === 'object' && value !== null) {
    for (const name of Object.keys(value).filter((key) => !known.includes(key))) {
      problems.push({
        detail: `Nothing reads the field "${name}"${didYouMean(name, known)}`,
        place: { path: pathOf([name]) },
        found: name,
        expected: known.join(', '),
      })
    }
    problems.push(...misread(schema, value as Readonly<Record<string, unknown>>, pathOf))
  }
  return { value, problems: problems.slice(0, maxProblems) }
}

/** Readers of the texts that a schema names by `x-format`. An instant is read in UTC; its zone is known later. */
const formats: Readonly<Record<string, (text: string) => unknown>> = {
  duration: parseDuration,
  instant: (text) => parseInstant(text, 'UTC'),
}

/** Texts at the top of a value that cannot be read as what they stand for. */
function misread(
  schema: TSchema,
  value: Readonly<Record<string, unknown>>,
  pathOf: (parts: readonly string[]) => string,
): readonly ProblemDetails[] {
  const fields = (schema as { properties?: Record<string, { 'x-format'?: string }> }).properties ?? {}
  return Object.entries(fields).flatMap(([name, { 'x-format': format }]) => {
    const text = value[name]
    const read = format === undefined ? undefined : formats[format]
    if (!read || typeof text !== 'string') return []
    try {
      read(text)
      return []
    } catch (error) {
      if (!(error instanceof MangroveError)) throw error
      return error.problems.map(({ detail, expected = '' }) => ({
        detail,
        place: { path: pathOf([name]) },
        found: text,
        expected,
      }))
    }
  })
}

function valueAt(value: unknown, parts: readonly string[]): unknown {
  let found = value
  for (const part of parts) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, part)) return undefined
    found = (found as Record<string, unknown>)[part]
  }
  return typeof found === 'object' ? undefined : found
}
