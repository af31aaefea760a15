import { qualityNames } from '../kernel/index.ts'
import type { ObservationBatch } from '../store/index.ts'

/** A value as the API shows it; null where nothing is known. */
export interface NowValue {
  readonly value: number | null
  readonly unit: string
  readonly quality: string
  readonly timestampMs: number
}

/** Newest value of every point of a site. */
export interface Now {
  readonly timestampMs: number
  readonly points: Readonly<Record<string, NowValue>>
}

export interface LiveHub {
  /** All points of a site, from whoever knows them all: the simulated park. */
  publish(site: string, now: Now): void
  /** Observations that were stored; who watches their sites is told, of each point the newest by event time. */
  arrived(batch: ObservationBatch): void
  /** Newest values of a site while somebody knows or watches them. */
  newest(site: string): Now | undefined
  /** Returns the way to unsubscribe. */
  subscribe(site: string, listener: (now: Now) => void): () => void
  close(): void
}

/** Who watches is told at most this often. */
const tellMs = 100

interface Watched {
  readonly listeners: Set<(now: Now) => void>
  newest: Now | undefined
  /** Published by somebody who knows all points. */
  published: boolean
  timer: NodeJS.Timeout | undefined
}

/**
 * Carries the newest values of sites from whoever knows them to whoever watches.
 *
 * @param read newest values of a site from the store
 */
export function createLiveHub(read: (site: string) => Promise<Now>): LiveHub {
  const sites = new Map<string, Watched>()
  const watch = (site: string): Watched => {
    const found = sites.get(site) ?? { listeners: new Set(), newest: undefined, published: false, timer: undefined }
    sites.set(site, found)
    return found
  }
  const leave = (site: string, watched: Watched): void => {
    if (watched.listeners.size > 0 || watched.published) return
    clearTimeout(watched.timer)
    sites.delete(site)
  }
  const tell = (watched: Watched): void => {
    watched.timer = undefined
    if (watched.newest) for (const listener of watched.listeners) listener(watched.newest)
  }
  const tellSoon = (site: string, watched: Watched): void => {
    watched.timer ??= setTimeout(() => {
      if (watched.newest) return tell(watched)
      read(site).then(
        (now) => {
          watched.newest ??= now
          tell(watched)
        },
        () => {
          watched.timer = undefined
        },
      )
    }, tellMs)
    watched.timer.unref()
  }

  return {
    publish(site, now) {
      const watched = watch(site)
      watched.published = true
      watched.newest = now
      for (const listener of watched.listeners) listener(now)
    },
    arrived(batch) {
      for (const [site, points] of newestOf(batch)) {
        const watched = sites.get(site)
        if (!watched) continue
        if (watched.newest) watched.newest = merged(watched.newest, points)
        tellSoon(site, watched)
      }
    },
    newest: (site) => sites.get(site)?.newest,
    subscribe(site, listener) {
      const watched = watch(site)
      watched.listeners.add(listener)
      return () => {
        watched.listeners.delete(listener)
        leave(site, watched)
      }
    },
    close() {
      for (const { timer } of sites.values()) clearTimeout(timer)
      sites.clear()
    },
  }
}

/** The newest value of each point of a batch, by site. */
function newestOf(batch: ObservationBatch): ReadonlyMap<string, Readonly<Record<string, NowValue>>> {
  const newestRow = new Map<number, number>()
  for (let row = 0; row < batch.count; row += 1) {
    const series = batch.seriesOf[row]!
    const before = newestRow.get(series)
    if (before === undefined || batch.timestampsMs[row]! >= batch.timestampsMs[before]!) newestRow.set(series, row)
  }
  const sites = new Map<string, Record<string, NowValue>>()
  for (const [series, row] of newestRow) {
    const { site, point, unit = '1' } = batch.series[series]!
    const points = sites.get(site) ?? {}
    sites.set(site, points)
    const value = batch.values[row]!
    points[point] = {
      value: Number.isFinite(value) ? value : null,
      unit,
      quality: qualityNames[batch.quality[row]!] ?? 'suspect',
      timestampMs: batch.timestampsMs[row]!,
    }
  }
  return sites
}

function merged(now: Now, points: Readonly<Record<string, NowValue>>): Now {
  const newer = Object.entries(points).filter(
    ([ref, { timestampMs }]) => timestampMs >= (now.points[ref]?.timestampMs ?? 0),
  )
  if (newer.length === 0) return now
  return {
    timestampMs: newer.reduce((latest, [, { timestampMs }]) => Math.max(latest, timestampMs), now.timestampMs),
    points: { ...now.points, ...Object.fromEntries(newer) },
  }
}
