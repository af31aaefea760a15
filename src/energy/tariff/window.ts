import type { TariffWindow } from '../schema/index.ts'
import type { Calendar, LocalDay } from './calendar.ts'

const minuteOfDay = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5))
const dayOfYear = (text: string): number => Number(text.slice(0, 2)) * 100 + Number(text.slice(3, 5))

function holdsOnDay(window: TariffWindow, day: LocalDay): boolean {
  if (window.months && !window.months.includes(day.month)) return false
  if (window.weekdays && !window.weekdays.includes(day.weekday)) return false
  if (window.holidays && day.holiday !== (window.holidays === 'only')) return false
  if (!window.season) return true
  const [from, to, at] = [dayOfYear(window.season.from), dayOfYear(window.season.to), day.month * 100 + day.day]
  return from <= to ? at >= from && at <= to : at >= from || at <= to
}

/** Whether the window is all day, every day: then nothing has to be asked. */
const isAlways = ({ from, to, months, weekdays, holidays, season }: TariffWindow): boolean =>
  !months && !weekdays && !holidays && !season && minuteOfDay(from) === 0 && minuteOfDay(to) === 1440

/**
 * Marks the steps that begin in a window with 1. A window whose `to` is not after `from` runs past midnight, and then each
 * local day is looked at for itself.
 */
export function stepsInWindow(calendar: Calendar, window: TariffWindow): Uint8Array {
  const { grid, days, dayOf, minuteOf } = calendar
  const marks = new Uint8Array(grid.count)
  if (isAlways(window)) return marks.fill(1)
  const holds = Uint8Array.from(days, (day) => Number(holdsOnDay(window, day)))
  const from = minuteOfDay(window.from)
  const to = minuteOfDay(window.to)
  for (let k = 0; k < grid.count; k += 1) {
    if (holds[dayOf[k]!] === 0) continue
    const minute = minuteOf[k]!
    marks[k] = Number(from < to ? minute >= from && minute < to : minute >= from || minute < to)
  }
  return marks
}

/** Whether no moment at all lies in the window. */
export const isNever = ({ from, to, months, weekdays }: TariffWindow): boolean =>
  (minuteOfDay(from) === 1440 && minuteOfDay(to) === 0) || months?.length === 0 || weekdays?.length === 0

/** Minutes of the day at which a window begins or ends. */
export const boundariesOf = ({ from, to }: TariffWindow): readonly number[] => [minuteOfDay(from), minuteOfDay(to)]
