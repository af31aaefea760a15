import Type, { type TUnsafe } from 'typebox'
import type { SeriesSource } from './series-source.ts'

/** Bounds and words of a field; also its documentation in OpenAPI. */
export interface FieldOptions {
  readonly description?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly default?: number
}

/**
 * A number in `unit`, or text with any unit of the same dimension ("0.5 MW" in a kW field).
 * Readers convert it to a number in `unit`; `unit` is also the suffix of the field's name.
 */
export const quantity = (unit: string, options: FieldOptions = {}): TUnsafe<number> =>
  Type.Unsafe<number>({ type: ['number', 'string'], 'x-unit': unit, ...options })

/** A share between 0 and 1, or text with `%`. */
export const fraction = (options: FieldOptions = {}): TUnsafe<number> =>
  quantity('1', { minimum: 0, maximum: 1, ...options })

/** A {@link SeriesSource} whose values are in `unit`. */
export const seriesOf = (unit: string, options: { readonly description?: string } = {}): TUnsafe<SeriesSource> =>
  Type.Unsafe<SeriesSource>({ 'x-series': unit, ...options })

/** Text that {@link parseDuration} reads: `15m`, `1h`. */
export const durationText = (
  options: { readonly description?: string; readonly default?: string } = {},
): TUnsafe<string> => Type.Unsafe<string>({ type: 'string', 'x-format': 'duration', ...options })

/** Text that {@link parseInstant} reads: ISO 8601, local to the site when without offset. */
export const instantText = (options: { readonly description?: string } = {}): TUnsafe<string> =>
  Type.Unsafe<string>({ type: 'string', 'x-format': 'instant', ...options })

/** Local time of day, `HH:MM`, `24:00` allowed; kept as text. */
export const timeOfDay = (
  options: { readonly description?: string; readonly default?: string } = {},
): TUnsafe<string> =>
  Type.Unsafe<string>({
    type: 'string',
    'x-format': 'time-of-day',
    pattern: '^([01]\\d|2[0-3]):[0-5]\\d$|^24:00$',
    ...options,
  })
