import type { TSchema } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import { MangroveError } from '../kernel/index.ts'
import { serverErrors } from './errors.ts'

const validators = new WeakMap<TSchema, Validator>()

function validatorOf(schema: TSchema): Validator {
  const known = validators.get(schema)
  if (known) return known
  const compiled = Compile(schema) as unknown as Validator
  validators.set(schema, compiled)
  return compiled
}

/**
 * Fills in defaults and checks; query and path values are text, so numbers in them are read as such.
 *
 * @throws `server.bad-input` with every problem found, `path` as `query.from`.
 */
export function checkInput(schema: TSchema, input: unknown, where: 'path' | 'query' | 'body'): unknown {
  const validator = validatorOf(schema)
  const filled = validator.Default(structuredClone(input))
  const value = where === 'body' ? filled : validator.Convert(filled)
  if (validator.Check(value)) return value
  const problems = validator.Errors(value).map((error) => {
    const path = [where, ...error.instancePath.split('/').slice(1)].join('.')
    return serverErrors.badInput.problem({ detail: `${path} ${error.message}`, place: { path }, expected: error.message })
  })
  throw new MangroveError(problems.slice(0, 50))
}
