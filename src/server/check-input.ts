import type { TSchema } from 'typebox'
import { checkValue, MangroveError } from '../kernel/index.ts'
import { serverErrors } from './errors.ts'

/**
 * Fills in defaults and checks; query and path values are text, so numbers in them are read as such.
 *
 * @throws `server.bad-input` with every problem found, `path` as `query.from`.
 */
export function checkInput(schema: TSchema, input: unknown, where: 'path' | 'query' | 'body'): unknown {
  const { value, problems } = checkValue(schema, input, { root: where, fromText: where !== 'body' })
  if (problems.length > 0) throw new MangroveError(problems.map((problem) => serverErrors.badInput.problem(problem)))
  return value
}
