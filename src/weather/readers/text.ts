import type { Place, Problem } from '../../kernel/index.ts'
import { weatherErrors } from '../errors.ts'

/** A text split into lines, with the name the user knows it by. */
export interface SourceText {
  readonly file: string
  readonly lines: readonly string[]
}

/** Splits at any line end; drops a byte order mark and empty lines at the end. */
export function sourceText(file: string, text: string): SourceText {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)
  while (lines.length > 0 && (lines[lines.length - 1] as string).trim() === '') lines.pop()
  return { file, lines }
}

/** Fields of a CSV line; quoted fields may hold commas and doubled quotes. */
export function csvFields(line: string): string[] {
  if (!line.includes('"')) return line.split(',')
  const fields: string[] = []
  let field = ''
  let quoted = false
  for (let i = 0; i < line.length; i += 1) {
    const character = line[i] as string
    if (quoted && character === '"' && line[i + 1] === '"') {
      field += '"'
      i += 1
    } else if (character === '"') quoted = !quoted
    else if (character === ',' && !quoted) {
      fields.push(field)
      field = ''
    } else field += character
  }
  fields.push(field)
  return fields
}

/** Place of a 1-based line and, when known, a column's name. */
export const placeOf = (source: SourceText, line: number, column?: string): Place => ({
  file: source.file,
  line,
  ...(column === undefined ? {} : { path: column }),
})

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/

/** What is asked of a number in a field. */
export interface NumberRule {
  readonly column: string
  readonly unit: string
  readonly minimum: number
  readonly maximum: number
  /** At or above this the source says «missing». */
  readonly missingFrom?: number
  /** At or below this the source says «missing». */
  readonly missingTo?: number
}

/** A number of a data field: NaN when empty or a missing code, the value when in range, otherwise a problem. */
export function fieldNumber(text: string | undefined, rule: NumberRule, place: Place): number | Problem {
  const found = text?.trim() ?? ''
  if (found === '') return Number.NaN
  const value = decimal.test(found) ? Number(found) : Number.NaN
  if (rule.missingFrom !== undefined && value >= rule.missingFrom) return Number.NaN
  if (rule.missingTo !== undefined && value <= rule.missingTo) return Number.NaN
  if (value >= rule.minimum && value <= rule.maximum) return value
  return weatherErrors.valueInvalid.problem({
    detail: `${rule.column} cannot be used`,
    place: { ...place, path: rule.column },
    found,
    expected: `a number of ${rule.unit} from ${rule.minimum} to ${rule.maximum}, or empty`,
  })
}

/** A number that a header must have. Throws `weather.value-invalid`. */
export function headerNumber(text: string | undefined, rule: NumberRule, place: Place): number {
  const value = fieldNumber(text, rule, place)
  if (typeof value === 'number' && !Number.isNaN(value)) return value
  throw weatherErrors.valueInvalid({
    detail: `The header needs ${rule.column}`,
    place: { ...place, path: rule.column },
    found: text ?? 'nothing',
    expected: `a number of ${rule.unit} from ${rule.minimum} to ${rule.maximum}`,
  })
}

/** Keeps the first problems of a file; a file of another kind would give thousands. */
export const maxProblems = 20
