import type { TLocalizedValidationError } from 'typebox/error'

type SchemaError = Pick<TLocalizedValidationError, 'keyword' | 'schemaPath' | 'instancePath' | 'params' | 'message'>

/** Branches of one union at one place of the value. */
interface Choice {
  readonly branches: Set<string>
  /** Errors of branches that name another constant than the value does. */
  readonly others: Map<string, SchemaError>
  /** The error of the union itself. */
  readonly whole: SchemaError
}

/**
 * Errors of a value, without those of union branches that another constant names: whoever writes `kind: wind` wants to hear what a
 * turbine lacks, not that it is no battery. Where no branch has this constant, one error says which there are.
 */
export function meantBranches(errors: readonly SchemaError[]): readonly SchemaError[] {
  const choices = new Map<string, Choice>()
  for (const whole of errors) {
    if (whole.keyword === 'anyOf') choices.set(keyOf(whole), { branches: new Set(), others: new Map(), whole })
  }
  if (choices.size === 0) return errors
  /** Choices that an error lies within, the outermost first, each with the branch. */
  const within = (error: SchemaError): readonly { readonly choice: Choice; readonly branch: string }[] =>
    [...error.schemaPath.matchAll(/\/anyOf\/(\d+)/g)].flatMap(({ index, 1: branch = '' }) => {
      const union = error.schemaPath.slice(0, index)
      for (let place = error.instancePath; ; place = place.slice(0, place.lastIndexOf('/'))) {
        const choice = choices.get(`${union} ${place}`)
        if (choice) return [{ choice, branch }]
        if (place === '') return []
      }
    })
  for (const error of errors) {
    for (const { choice, branch } of within(error)) {
      choice.branches.add(branch)
      if (names(error, choice, branch)) choice.others.set(branch, error)
    }
  }
  const isMeant = ({ branches, others }: Choice): boolean => [...branches].some((branch) => !others.has(branch))
  return errors.flatMap((error): readonly SchemaError[] => {
    for (const { choice, branch } of within(error)) {
      if (choice.others.size > 0 && (choice.others.has(branch) || !isMeant(choice))) return []
    }
    const own = error.keyword === 'anyOf' ? choices.get(keyOf(error)) : undefined
    if (!own || own.others.size === 0) return [error]
    if (isMeant(own)) return []
    const [first] = own.others.values()
    const values = [...own.others.values()].map(
      ({ params }) => (params as { readonly allowedValue?: unknown }).allowedValue,
    )
    return [{ ...first!, message: `must be one of ${values.join(', ')}` }]
  })
}

const keyOf = ({ schemaPath, instancePath }: SchemaError): string => `${schemaPath} ${instancePath}`

/** Whether an error says that a field of the value is not the constant by which a branch goes. */
const names = ({ keyword, schemaPath, instancePath }: SchemaError, { whole }: Choice, branch: string): boolean => {
  if (keyword !== 'const') return false
  const [, , field] = /^(.*)\/properties\/([^/]+)$/.exec(schemaPath) ?? []
  return (
    field !== undefined &&
    schemaPath === `${whole.schemaPath}/anyOf/${branch}/properties/${field}` &&
    instancePath === `${whole.instancePath}/${field}`
  )
}
