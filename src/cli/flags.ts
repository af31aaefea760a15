import type { TSchema } from 'typebox'
import type { Problem } from '../kernel/index.ts'
import { MangroveError, nearest } from '../kernel/index.ts'
import { errors } from './errors.ts'

/** One flag as `--help` shows it. */
export interface FlagSpec {
  /** `--peak-import-kw` */
  readonly flag: string
  /** Field of the engine's input. */
  readonly field: string
  readonly type: 'number' | 'integer' | 'string' | 'boolean' | 'json'
  readonly description: string
  readonly default?: unknown
  readonly required: boolean
  /** Smallest and largest number. */
  readonly range?: readonly [number, number]
  /** May be given again, and all words from its place on are values of it: the values come as a list. */
  readonly many?: boolean
  /** It brings values of others, so that nobody knows yet which are missing. */
  readonly bringsOthers?: boolean
}

type FieldSchema = TSchema & {
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly default?: unknown
  readonly anyOf?: readonly { readonly const?: unknown }[]
}

/** Whether a field is one of some words: `weeks`, `year`. */
const isOneOfWords = ({ anyOf = [] }: FieldSchema): boolean =>
  anyOf.length > 0 && anyOf.every((option) => typeof option.const === 'string')

const flagType = (field: FieldSchema): FlagSpec['type'] => {
  if (isOneOfWords(field)) return 'string'
  switch (field.type) {
    case 'number':
    case 'integer':
    case 'string':
    case 'boolean':
      return field.type
    default:
      return Array.isArray(field.type) ? 'string' : 'json'
  }
}

/** `peakImportKw` → `peak-import-kw` */
export const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** The flags that the fields of an engine's input become, in their order. */
export function flagsOf(input: TSchema): readonly FlagSpec[] {
  const object = input as TSchema & { properties?: Record<string, FieldSchema>; required?: readonly string[] }
  return Object.entries(object.properties ?? {}).map(([field, schema]) => ({
    flag: `--${kebab(field)}`,
    field,
    type: flagType(schema),
    description: schema.description ?? '',
    ...(schema.default === undefined ? {} : { default: schema.default }),
    required: (object.required ?? []).includes(field) && schema.default === undefined,
  }))
}

/** What stood on the command line after the command's own words. */
export interface ParsedFlags {
  readonly values: Readonly<Record<string, unknown>>
  readonly json: boolean
  readonly help: boolean
}

/**
 * Reads flags (`--hours 24`, `--hours=24`, `--wait`, `--no-wait`) and positional arguments against a list of specs.
 * @param positional fields that arguments without a flag fill, in order
 * @throws MangroveError with all problems at once: `cli.unknown-flag`, `cli.flag-value`, `cli.missing-argument`
 */
export function parseFlags(
  args: readonly string[],
  specs: readonly FlagSpec[],
  positional: readonly string[] = [],
): ParsedFlags {
  const values: Record<string, unknown> = {}
  const problems: Problem[] = []
  const free: string[] = []
  const known = [...specs.map((candidate) => candidate.flag), '--json', '--help']
  let json = false
  let help = false
  for (let index = 0; index < args.length; index += 1) {
    const argument = args[index]!
    if (!argument.startsWith('--')) {
      if (argument === '-h') help = true
      else free.push(argument)
      continue
    }
    const [name = '', inline] = splitOnce(argument)
    if (name === '--json' && inline === undefined) json = true
    else if (name === '--help' && inline === undefined) help = true
    else {
      const spec = specs.find((candidate) => candidate.flag === name || `--no-${candidate.flag.slice(2)}` === name)
      if (!spec) {
        problems.push(
          errors.unknownFlag.problem({
            detail: known.includes(name) ? `${name} takes no value` : `There is no flag ${name}${meant(name, known)}`,
            found: argument,
            expected: known.join(', '),
          }),
        )
        continue
      }
      if (spec.type === 'boolean') {
        const yes = !name.startsWith('--no-')
        if (inline === undefined || inline === 'true' || inline === 'false') {
          values[spec.field] = inline === 'false' ? !yes : yes
        } else problems.push(valueProblem(spec, inline))
        continue
      }
      const text = inline ?? args[index + 1]
      if (inline === undefined) index += 1
      if (text === undefined) problems.push(valueProblem(spec, undefined))
      else readValue(spec, text, values, problems)
    }
  }
  const lastSpec = specs.find(({ field }) => field === positional.at(-1))
  if (lastSpec?.many) {
    for (const text of free.splice(positional.length - 1)) readValue(lastSpec, text, values, problems)
  }
  positional.forEach((field, place) => {
    const text = free[place]
    const spec = specs.find((candidate) => candidate.field === field)
    if (text !== undefined && values[field] !== undefined) problems.push(twiceProblem(field, text))
    else if (text !== undefined && spec) readValue(spec, text, values, problems)
    else if (text !== undefined) values[field] = text
  })
  // After an unknown flag nobody can tell whether a word is its value.
  const unknown = problems.some(({ code }) => code === 'cli.unknown-flag')
  for (const extra of unknown ? [] : free.slice(positional.length)) {
    problems.push(errors.unknownFlag.problem({ detail: `"${extra}" was not expected here`, found: extra }))
  }
  const mayComeLater = specs.some(({ bringsOthers, field }) => bringsOthers && values[field] !== undefined)
  if (!help && !mayComeLater) {
    for (const spec of specs) {
      if (
        spec.required &&
        values[spec.field] === undefined &&
        !problems.some((problem) => problem.found === spec.flag)
      ) {
        const shown = positional.includes(spec.field) ? spec.field.toUpperCase() : spec.flag
        problems.push(
          errors.missingArgument.problem({ detail: `${shown} is missing`, expected: spec.description || shown }),
        )
      }
    }
  }
  if (problems.length > 0 && !help) throw new MangroveError(problems)
  return { values, json, help }
}

const meant = (name: string, known: readonly string[]): string => {
  const close = nearest(
    name.replace(/^-+(no-)?/, ''),
    known.map((flag) => flag.slice(2)),
  )
  return close === undefined ? '' : `; did you mean --${close}?`
}

function splitOnce(argument: string): readonly [string, string | undefined] {
  const at = argument.indexOf('=')
  return at < 0 ? [argument, undefined] : [argument.slice(0, at), argument.slice(at + 1)]
}

function readValue(spec: FlagSpec, text: string, values: Record<string, unknown>, problems: Problem[]): void {
  if (spec.type === 'number' || spec.type === 'integer') {
    const value = text.trim() === '' ? Number.NaN : Number(text)
    const [least, most] = spec.range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
    const fits = Number.isFinite(value) && (spec.type === 'number' || Number.isInteger(value))
    if (fits && value >= least && value <= most) values[spec.field] = value
    else problems.push(valueProblem(spec, text))
    return
  }
  if (spec.type === 'json') {
    try {
      values[spec.field] = JSON.parse(text)
    } catch {
      problems.push(valueProblem(spec, text))
    }
    return
  }
  values[spec.field] = spec.many ? [...((values[spec.field] as readonly string[]) ?? []), text] : text
}

const expectedValue: Record<FlagSpec['type'], string> = {
  number: 'a number',
  integer: 'a whole number',
  string: 'a text',
  boolean: 'true or false',
  json: 'JSON, in quotes for the shell',
}

const valueProblem = (spec: FlagSpec, found: string | undefined): Problem =>
  errors.flagValue.problem({
    detail: found === undefined ? `${spec.flag} needs a value` : `${spec.flag} cannot be read`,
    found: found ?? spec.flag,
    expected: spec.range ? `${expectedValue[spec.type]} from ${spec.range.join(' to ')}` : expectedValue[spec.type],
  })

const twiceProblem = (field: string, found: string): Problem =>
  errors.flagValue.problem({
    detail: `${field.toUpperCase()} is given twice, as a word and as a flag`,
    found,
    expected: 'one of them',
  })
