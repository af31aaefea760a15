import type { CounterRules } from './counter-rise.ts'
import type { RowRange } from './observation-tables.ts'
import type { SourceOrder } from './pick-sources.ts'
import { type Quarter, type QuarterKey, quarterKey, quarterMs, quartersOf } from './quarters.ts'
import type { Rows } from './rows.ts'

/** Quarters further apart than this are read apart, so that one late value does not read a year. */
const togetherMs = 86_400_000

/** Makes quarters anew from their rows; one without rows any more is not among them. */
export async function remakeQuarters(
  stale: readonly QuarterKey[],
  read: (range: RowRange) => AsyncIterable<Rows>,
  order: SourceOrder,
  rules: ReadonlyMap<number, CounterRules | undefined>,
): Promise<readonly Quarter[]> {
  const wanted = new Set(stale.map(quarterKey))
  const quarters: Quarter[] = []
  for (const range of ranges(stale)) {
    const made = await quartersOf(read(range), order, (point) => rules.get(point))
    for (const quarter of made) if (wanted.has(quarterKey(quarter))) quarters.push(quarter)
  }
  return quarters
}

/** Ranges of time that hold all quarters: points whose quarters lie in the same days are read together. */
function ranges(stale: readonly QuarterKey[]): readonly RowRange[] {
  const byDay = new Map<number, { points: Set<number>; fromMs: number; toMs: number }>()
  for (const { point, startMs } of stale) {
    const day = Math.floor(startMs / togetherMs)
    const group = byDay.get(day) ?? { points: new Set(), fromMs: startMs, toMs: startMs }
    byDay.set(day, group)
    group.points.add(point)
    group.fromMs = Math.min(group.fromMs, startMs)
    group.toMs = Math.max(group.toMs, startMs + quarterMs)
  }
  return [...byDay.values()].map(({ points, fromMs, toMs }) => ({ points: [...points], fromMs, toMs }))
}
