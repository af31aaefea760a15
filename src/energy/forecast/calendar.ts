import { offsetMsAt, stepStartMs, type TimeGrid } from '../../kernel/index.ts'

const dayMs = 86_400_000

/** Kinds of day, in the order of their codes: a holiday counts as a holiday whatever its weekday. */
export const dayKinds = ['working day', 'Saturday', 'Sunday', 'holiday'] as const

/**
 * What the clock on the wall shows at the start of each step of a grid. A day of 23 or 25 hours keeps its clock: the
 * same slot on two days is the same clock time.
 */
export interface Calendar {
  readonly grid: TimeGrid
  readonly zone: string
  /** Steps of a plain day. */
  readonly slots: number
  /** Local days since 1970-01-01, one a step. */
  readonly day: Int32Array
  /** Step within the local day by the clock, 0 to `slots` − 1, one a step. */
  readonly slot: Int16Array
  /** ISO weekday of a local day: 1 = Monday … 7 = Sunday. */
  weekday(day: number): number
  /** Index into {@link dayKinds} of a local day. */
  kind(day: number): number
  /** Step at a local day and slot: of a repeated hour the earlier, of a skipped one the step before; −1 outside. */
  stepAt(day: number, slot: number): number
}

/**
 * @param holidays local dates, `YYYY-MM-DD`
 * @param grid a step that divides the day
 */
export function createCalendar(grid: TimeGrid, zone: string, holidays: readonly string[] = []): Calendar {
  const slots = Math.max(1, Math.round(dayMs / grid.stepMs))
  const day = new Int32Array(grid.count)
  const slot = new Int16Array(grid.count)
  for (let k = 0; k < grid.count; k += 1) {
    const startMs = stepStartMs(grid, k)
    const localMs = startMs + offsetMsAt(startMs, zone)
    day[k] = Math.floor(localMs / dayMs)
    slot[k] = Math.min(slots - 1, Math.floor((localMs - day[k]! * dayMs) / grid.stepMs))
  }
  const firstDay = grid.count > 0 ? day[0]! : 0
  const days = grid.count > 0 ? day[grid.count - 1]! - firstDay + 1 : 0
  const steps = new Int32Array(days * slots).fill(-1)
  for (let k = grid.count - 1; k >= 0; k -= 1) steps[(day[k]! - firstDay) * slots + slot[k]!] = k
  // A slot that the clock skipped takes the step before it; before the first step and after the last there is none.
  for (let k = 1; k < steps.length; k += 1) {
    const before = steps[k - 1]!
    if (steps[k] === -1 && before >= 0 && before < grid.count - 1) steps[k] = before
  }
  const free = new Set(holidays.map(dayOfDate))
  const weekday = (ofDay: number): number => ((((ofDay + 3) % 7) + 7) % 7) + 1
  return {
    grid,
    zone,
    slots,
    day,
    slot,
    weekday,
    kind: (ofDay) => (free.has(ofDay) ? 3 : Math.max(0, weekday(ofDay) - 5)),
    stepAt(ofDay, ofSlot) {
      const row = ofDay - firstDay
      return row < 0 || row >= days ? -1 : steps[row * slots + ofSlot]!
    },
  }
}

/** Days since 1970-01-01 of a date `YYYY-MM-DD`; NaN for what is none. */
export const dayOfDate = (date: string): number => Date.parse(`${date}T00:00:00Z`) / dayMs
