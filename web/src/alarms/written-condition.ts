import { formatNumber, show } from '../format/numbers.ts'

/** `when` of a rule, as the site file writes it. */
interface Written {
  readonly kind: string
  readonly limit?: number | string
  readonly within?: string
  readonly after?: string
  readonly other?: string
  readonly is?: number
}

/** What an alarm looks for, ready for its sentence `alarms.when.<kind>`. */
export interface WrittenCondition {
  readonly kind: string
  readonly values: Readonly<Record<string, string>>
}

/** The condition of an alarm of a site; undefined where the sections of the site do not tell it. */
export function conditionOf(
  sections: Readonly<Record<string, unknown>>,
  { alarm, unit }: { readonly alarm: string; readonly unit: string },
): WrittenCondition | undefined {
  const rules = memberOf(sections.alarms, 'rules')
  const when = memberOf(memberOf(rules, alarm), 'when') as Written | undefined
  if (typeof when?.kind !== 'string') return undefined
  const { kind, limit, within = '', after = '', other = '', is = 1 } = when
  return { kind, values: { limit: limitText(limit, unit), within, after, other, is: String(is) } }
}

/** A number is in the unit of the point; text has its own. */
const limitText = (limit: number | string | undefined, unit: string): string =>
  typeof limit === 'number' ? valueText(limit, unit) : (limit ?? '')

/**
 * A value of a point without dimension is a share where its limit is written in per cent, else a plain number: a count, a mode.
 *
 * @param beside limit that stands beside it
 */
export function valueText(value: number, unit: string, beside = ''): string {
  if (unit === '1' && !beside.includes('%')) return formatNumber(value)
  const shown = show(value, unit)
  return shown.unit === '' ? shown.text : `${shown.text}\u00a0${shown.unit}`
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined
