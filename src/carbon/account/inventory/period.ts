import { carbonErrors } from '../../errors.ts'

/** Days of an inventory: `from` is in it, `to` is not. */
export interface Period {
  readonly from: string
  readonly to: string
}

const two = (value: number): string => String(value).padStart(2, '0')

/**
 * A period as people write it: a year, a month, or a span of days whose last day is in it.
 *
 * @param text `2025`, `2025-03`, `2025-04-01/2025-06-30`
 * @throws `carbon.bad-activity`
 */
export function readPeriod(text: string): Period {
  const [, year, month] = /^(\d{4})(?:-(\d{2}))?$/.exec(text) ?? []
  if (year !== undefined && month === undefined) return { from: `${year}-01-01`, to: `${Number(year) + 1}-01-01` }
  if (year !== undefined && Number(month) >= 1 && Number(month) <= 12) {
    const next = Number(month) === 12 ? `${Number(year) + 1}-01` : `${year}-${two(Number(month) + 1)}`
    return { from: `${year}-${month}-01`, to: `${next}-01` }
  }
  const [, from, last] = /^(\d{4}-\d{2}-\d{2})\/(\d{4}-\d{2}-\d{2})$/.exec(text) ?? []
  if (from !== undefined && last !== undefined && isDay(from) && isDay(last) && from <= last) {
    return { from, to: dayAfter(last) }
  }
  throw carbonErrors.badActivity({
    detail: 'This is no period',
    place: { path: 'period' },
    found: text,
    expected: 'a year (2025), a month (2025-03), or first and last day (2025-04-01/2025-06-30)',
  })
}

/** Whether it is a day of the calendar. */
export function isDay(text: string): boolean {
  const ms = Date.parse(`${text}T00:00:00Z`)
  return Number.isFinite(ms) && new Date(ms).toISOString().startsWith(text)
}

const dayAfter = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)
