import { peerErrors } from '../errors.ts'

/** A number as it stands in the file: its digits are part of the case. */
export class Printed {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** JSON whose numbers keep the digits they are printed with. */
export function parsePrinted(file: string, text: string): unknown {
  const keep = (_: string, value: unknown, context?: { readonly source?: string }): unknown =>
    typeof value === 'number' ? new Printed(context?.source ?? String(value)) : value
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''), keep as (key: string, value: unknown) => unknown)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const position = /at position (\d+)/.exec(message)?.[1]
    const line = position === undefined ? text.split('\n').length : text.slice(0, Number(position)).split('\n').length
    throw peerErrors.malformed({
      detail: `The file is no JSON: ${message.slice(0, 160)}`,
      place: { file, line },
      expected: 'a list of cases with id, rule, terms and expected',
    })
  }
}

/** The cases of a file: a list, a single case, or a list under `cases`. */
export function casesOf(file: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  const { cases } = (value ?? {}) as { readonly cases?: unknown }
  if (Array.isArray(cases)) return cases
  if (
    typeof value === 'object' &&
    value !== null &&
    !(value instanceof Printed) &&
    ['terms', 'legs', 'pcf'].some((name) => name in value)
  )
    return [value]
  throw peerErrors.malformed({
    detail: 'The file has no cases',
    place: { file },
    expected: 'a list of cases with id, rule, terms and expected',
  })
}

/** The digits of a number of a case, whether it stands as a number or as text. */
export function textOf(value: unknown, path: string): string {
  if (value instanceof Printed) return value.text
  if (typeof value === 'string') return value.trim()
  const build = value === undefined ? peerErrors.missing : peerErrors.badValue
  const name = path.split('.').at(-1)
  throw build({
    detail: value === undefined ? `${name} is missing` : `${name} is no number`,
    place: { path },
    ...(value === undefined ? {} : { found: typeof value }),
    expected: 'a number',
  })
}
