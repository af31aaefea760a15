import type { TSchema } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import type { ProblemDetails } from '../errors.ts'
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
    : validator.Errors(value).map((error): ProblemDetails => {
        const parts = error.instancePath.split('/').slice(1)
        const path = pathOf(parts)
        return {
          detail: `${path || 'The input'} ${error.message}`,
          place: { path },
          found: valueAt(value, parts),
          expected: error.message,
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
  }
  return { value, problems: problems.slice(0, maxProblems) }
}

function valueAt(value: unknown, parts: readonly string[]): unknown {
  let found = value
  for (const part of parts) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, part)) return undefined
    found = (found as Record<string, unknown>)[part]
  }
  return typeof found === 'object' ? undefined : found
}
