import type { KnownReading } from '../../commands/index.ts'
import { isAhead, type Store } from '../../store/index.ts'
import type { Arrivals } from '../arrivals.ts'

/** Newest values of the points that decisions look at. */
export interface FollowedReadings {
  readonly newest: Readonly<Record<string, KnownReading>>
  /** Reads what the store has: after the start, and of what other nodes and a simulated park stored. */
  refresh(): Promise<void>
  stop(): void
}

export interface FollowedReadingsParts {
  readonly arrivals: Pick<Arrivals, 'follow'>
  readonly observations: Pick<Store['observations'], 'latest'>
  now(): number
}

export function followReadings(
  site: string,
  refs: readonly string[],
  { arrivals, observations, now }: FollowedReadingsParts,
): FollowedReadings {
  const wanted = new Set(refs)
  const newest: Record<string, KnownReading> = {}
  const take = (ref: string, { value, quality, atMs }: { value: number; quality: number; atMs: number }): void => {
    const known = newest[ref]
    // A clock that runs ahead freezes nothing.
    if (known && (atMs < known.atMs || isAhead(atMs, now()))) return
    newest[ref] = { value: Number.isFinite(value) ? value : null, quality, atMs }
  }
  const stop = arrivals.follow(({ count, series, seriesOf, timestampsMs, values, quality }) => {
    const mine = series.map((one) => one.site === site && wanted.has(one.point))
    if (!mine.includes(true)) return
    for (let row = 0; row < count; row += 1) {
      const index = seriesOf[row]!
      if (!mine[index]) continue
      take(series[index]!.point, { value: values[row]!, quality: quality[row]!, atMs: timestampsMs[row]! })
    }
  })
  return {
    newest,
    stop,
    async refresh() {
      if (wanted.size === 0) return
      for (const { point, value, quality, timestampMs } of await observations.latest(site, refs)) {
        take(point, { value, quality, atMs: timestampMs })
      }
    },
  }
}
