import { localParts, type TimeGrid } from '../../kernel/index.ts'

/** Days that are alike: from Monday to Friday, Saturdays, and Sundays with public holidays. */
export type DayType = 'workday' | 'saturday' | 'sunday'

/** One local day of a series. */
export interface Day {
  /** `2026-07-06` */
  readonly date: string
  readonly type: DayType
  /** Index into the series of each part of the day; −1 where the series, or the clock, has none. */
  readonly indexOf: Int32Array
}

/** Lays a series out by local day and part of the day. An hour that comes twice counts once, one that is skipped is missing. */
export function layOutDays(grid: TimeGrid, zone: string, holidays: ReadonlySet<string>): readonly Day[] {
  const slots = Math.round(86_400_000 / grid.stepMs)
  const days: Day[] = []
  let open: { readonly key: number; readonly day: Day } | undefined
  for (let index = 0; index < grid.count; index += 1) {
    const { year, month, day, hour, minute, weekday } = localParts(grid.startMs + index * grid.stepMs, zone)
    const key = year * 10_000 + month * 100 + day
    if (open?.key !== key) {
      const date = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
      const type = weekday === 7 || holidays.has(date) ? 'sunday' : weekday === 6 ? 'saturday' : 'workday'
      open = { key, day: { date, type, indexOf: new Int32Array(slots).fill(-1) } }
      days.push(open.day)
    }
    const slot = Math.floor(((hour * 60 + minute) * 60_000) / grid.stepMs)
    if (open.day.indexOf[slot] === -1) open.day.indexOf[slot] = index
  }
  return days
}
