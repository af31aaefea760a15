import { type Priority, priorities } from '../alarms/alarm.ts'
import { barsOf, type JournalLine } from '../alarms/announcements.ts'
import { shareOf, type TimeView } from './time-view.ts'

/** Alarms that were raised close together, as one mark on the bar. */
export interface TimeMark {
  /** Where it stands in the view, 0 to 1. */
  readonly share: number
  readonly atMs: number
  /** The gravest of them. */
  readonly priority: Priority
  readonly count: number
}

/** As many marks as stand beside each other without touching. */
const parts = 160

/** Marks of the alarms raised in a view. */
export function marksOf(lines: readonly JournalLine[], view: TimeView): readonly TimeMark[] {
  const partMs = (view.toMs - view.fromMs) / parts
  return barsOf(lines, { ...view, partMs }).flatMap(({ fromMs, counts, total }) => {
    const priority = priorities.find((own) => counts[own] > 0)
    const atMs = fromMs + partMs / 2
    return priority === undefined ? [] : [{ share: shareOf(view, atMs), atMs, priority, count: total }]
  })
}
