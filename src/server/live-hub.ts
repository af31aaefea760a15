import { quality, qualityNames } from '../kernel/index.ts'
import { isAhead, type ObservationBatch } from '../store/index.ts'

/** A value as the API shows it; null where nothing is known. */
export interface NowValue {
  readonly value: number | null
  readonly unit: string
  readonly quality: string
  readonly timestampMs: number
}

/** Newest values of points of a site. */
export interface Now {
  readonly timestampMs: number
  readonly points: Readonly<Record<string, NowValue>>
}

/** Newest values by point. */
export type NowValues = ReadonlyMap<string, NowValue>

export interface LiveHub {
  /** All points of a site, from whoever knows them all: the simulated park. */
  publish(site: string, now: Now): void
  /** Observations that were stored; who watches their sites is told, of each point the newest by event time. */
  arrived(batch: ObservationBatch): void
  /** Another node stored observations of the site; who watches it is told what the store has. */
  heard(site: string): void
  /** Sites that somebody watches and nobody publishes. */
  watched(): readonly string[]
  /** Newest values of a site that somebody publishes. */
  newest(site: string): Now | undefined
  /** Tells all values at every change. Returns the way to unsubscribe. */
  subscribe(site: string, listener: (now: Now) => void): () => void
  /** Tells what changed, when it changed. Returns the way to unsubscribe. */
  watch(site: string, listener: (changed: NowValues) => void): () => void
  /** How many listen. */
  listeners(): number
  close(): void
}

export interface LiveHubSources {
  /** Newest values of a site from the store. */
  read(site: string): Promise<Now>
  now(): number
  /** Values that are computed from others, of those that need one that changed. */
  compute(site: string, newest: NowValues, changed: Iterable<string>): NowValues
}

/** Who watches is told at most this often. */
const tellMs = 100

interface Watched {
  readonly wholes: Set<(now: Now) => void>
  readonly watchers: Set<(changed: NowValues) => void>
  /** Undefined until somebody published, or the store was read. */
  newest: Map<string, NowValue> | undefined
  /** What came since it was told last, or since reading began. */
  changed: Map<string, NowValue>
  /** Published by somebody who knows all points. */
  published: boolean
  /** The same as one object, until it changes. */
  now: Now | undefined
  timer: NodeJS.Timeout | undefined
  reading: boolean
  /** Another node stored something that was not read yet. */
  heard: boolean
}

/** Carries the newest values of sites from whoever knows them to whoever watches. It keeps one value a point that is watched. */
export function createLiveHub({ read, compute, now: clockMs }: LiveHubSources): LiveHub {
  const sites = new Map<string, Watched>()
  const watchedOf = (site: string): Watched => {
    const found = sites.get(site) ?? emptyWatched()
    sites.set(site, found)
    return found
  }
  const leave = (site: string, watched: Watched): void => {
    if (watched.wholes.size > 0 || watched.watchers.size > 0 || watched.published) return
    clearTimeout(watched.timer)
    if (sites.get(site) === watched) sites.delete(site)
  }
  const nowOf = (watched: Watched): Now | undefined => {
    if (!watched.newest) return undefined
    watched.now ??= toNow(watched.newest)
    return watched.now
  }
  /** Takes what is newer into the picture and tells it. */
  const take = (site: string, watched: Watched, newest: Map<string, NowValue>, values: NowValues): void => {
    const changed = new Map<string, NowValue>()
    const nowMs = clockMs()
    const accept = (ref: string, value: NowValue): void => {
      if (!isNewest(value, newest.get(ref), nowMs)) return
      newest.set(ref, value)
      changed.set(ref, value)
    }
    // Who published a value may have stored it, too.
    for (const [ref, value] of values) if (!isSame(newest.get(ref), value)) accept(ref, value)
    for (const [ref, value] of compute(site, newest, changed.keys())) accept(ref, value)
    if (changed.size === 0) return
    watched.now = undefined
    for (const watcher of watched.watchers) watcher(changed)
    if (watched.wholes.size === 0) return
    const picture = nowOf(watched)!
    for (const whole of watched.wholes) whole(picture)
  }
  const tell = (site: string, watched: Watched): void => {
    watched.timer = undefined
    if (!watched.newest || watched.changed.size === 0) return
    const { changed } = watched
    watched.changed = new Map()
    take(site, watched, watched.newest, changed)
  }
  const tellSoon = (site: string, watched: Watched): void => {
    watched.timer ??= setTimeout(() => {
      if (watched.heard && !watched.published) return readChanges(site, watched)
      if (watched.newest) return tell(site, watched)
      // Whoever comes first asks the store; what arrives meanwhile waits.
      watched.timer = undefined
      if (!watched.reading) readSite(site, watched)
    }, tellMs)
    watched.timer.unref()
  }
  const readSite = (site: string, watched: Watched): void => {
    watched.reading = true
    read(site).then(
      (now) => {
        watched.reading = false
        if (!watched.published) watched.newest = olderThan(now, watched.changed)
        tell(site, watched)
      },
      () => {
        // The next arrival tries again.
        watched.reading = false
      },
    )
  }

  /** What the store has besides what was told, as changes. */
  const readChanges = (site: string, watched: Watched): void => {
    watched.timer = undefined
    if (watched.reading) return
    watched.reading = true
    watched.heard = false
    read(site).then(
      (now) => {
        watched.reading = false
        const { newest } = watched
        for (const [ref, value] of Object.entries(now.points)) {
          const before = watched.changed.get(ref)
          const told = newest?.get(ref)
          if (value.timestampMs === 0 || isSame(told, value)) continue
          if ((before?.timestampMs ?? 0) <= value.timestampMs) watched.changed.set(ref, value)
        }
        watched.newest ??= new Map()
        if (!watched.published) tell(site, watched)
        if (watched.heard) tellSoon(site, watched)
      },
      () => {
        // The next word tries again.
        watched.reading = false
      },
    )
  }

  return {
    publish(site, now) {
      const watched = watchedOf(site)
      watched.published = true
      const before = watched.newest
      watched.newest ??= new Map()
      const values = Object.entries(now.points).filter(([ref, value]) => !isSame(before?.get(ref), value))
      take(site, watched, watched.newest, new Map(values))
    },
    arrived(batch) {
      if (sites.size === 0) return
      const nowMs = clockMs()
      const newest = newestRows(batch, nowMs, (name) => sites.has(name))
      const touched = new Map<string, Watched>()
      for (let index = 0; index < newest.length; index += 1) {
        const row = newest[index]!
        if (row < 0) continue
        const { site, point } = batch.series[index]!
        const watched = touched.get(site) ?? sites.get(site)!
        touched.set(site, watched)
        // The same point may stand in two series: sent in two units.
        const before = watched.changed.get(point)
        const at = batch.timestampsMs[row]!
        if (isNewest({ timestampMs: at }, before, nowMs)) watched.changed.set(point, toldOf(batch, row, nowMs))
      }
      for (const [site, watched] of touched) tellSoon(site, watched)
    },
    heard(site) {
      const watched = sites.get(site)
      if (!watched || watched.published) return
      watched.heard = true
      tellSoon(site, watched)
    },
    watched: () => [...sites].filter(([, { published }]) => !published).map(([site]) => site),
    newest(site) {
      const watched = sites.get(site)
      // Of who does not publish everything the store knows more, on several servers too.
      if (!watched?.newest || !watched.published) return undefined
      // What arrived a moment ago counts, though nobody was told yet.
      tell(site, watched)
      return nowOf(watched)
    },
    subscribe(site, listener) {
      const watched = watchedOf(site)
      watched.wholes.add(listener)
      return () => {
        watched.wholes.delete(listener)
        leave(site, watched)
      }
    },
    watch(site, listener) {
      const watched = watchedOf(site)
      watched.watchers.add(listener)
      return () => {
        watched.watchers.delete(listener)
        leave(site, watched)
      }
    },
    listeners: () => [...sites.values()].reduce((sum, { wholes, watchers }) => sum + wholes.size + watchers.size, 0),
    close() {
      for (const { timer } of sites.values()) clearTimeout(timer)
      sites.clear()
    },
  }
}

const emptyWatched = (): Watched => ({
  wholes: new Set(),
  watchers: new Set(),
  newest: undefined,
  changed: new Map(),
  published: false,
  now: undefined,
  timer: undefined,
  reading: false,
  heard: false,
})

const isSame = (a: NowValue | undefined, b: NowValue): boolean =>
  a !== undefined && a.timestampMs === b.timestampMs && Object.is(a.value, b.value) && a.quality === b.quality

const toNow = (newest: NowValues): Now => {
  let timestampMs = 0
  for (const value of newest.values()) if (value.timestampMs > timestampMs) timestampMs = value.timestampMs
  return { timestampMs, points: Object.fromEntries(newest) }
}

/** A picture from the store in which what arrived meanwhile is not yet: so it is told as a change. */
function olderThan(now: Now, arrived: NowValues): Map<string, NowValue> {
  const newest = new Map(Object.entries(now.points))
  for (const [ref, { timestampMs }] of arrived) if (newest.get(ref)?.timestampMs === timestampMs) newest.delete(ref)
  return newest
}

/** Whether a value takes the place of another: by event time, but what is ahead of the clock comes after all that is not, as in the store. */
function isNewest(
  { timestampMs }: Pick<NowValue, 'timestampMs'>,
  before: Pick<NowValue, 'timestampMs'> | undefined,
  nowMs: number,
): boolean {
  if (!before || before.timestampMs === 0) return true
  const ahead = isAhead(timestampMs, nowMs)
  return ahead === isAhead(before.timestampMs, nowMs) ? timestampMs >= before.timestampMs : !ahead
}

/**
 * Row of the newest value of each series of a batch; −1 for a series without one, and for those that nobody watches. A batch may have a
 * million rows: they are gone through by numbers alone.
 */
function newestRows(
  { count, series, seriesOf, timestampsMs }: ObservationBatch,
  nowMs: number,
  isWatched: (site: string) => boolean,
): Int32Array {
  const newest = new Int32Array(series.length).fill(-1)
  const ranks = new Float64Array(series.length).fill(Number.NEGATIVE_INFINITY)
  for (let index = 0; index < series.length; index += 1) {
    if (!isWatched(series[index]!.site)) ranks[index] = Number.POSITIVE_INFINITY
  }
  let latestMs = Number.NEGATIVE_INFINITY
  for (let row = 0; row < count; row += 1) if (timestampsMs[row]! > latestMs) latestMs = timestampsMs[row]!
  const someAhead = isAhead(latestMs, nowMs)
  for (let row = 0; row < count; row += 1) {
    const one = seriesOf[row]!
    const eventMs = timestampsMs[row]!
    // As isNewest: what is ahead of the clock ranks below all that is not.
    const rank = someAhead && isAhead(eventMs, nowMs) ? eventMs - 1e15 : eventMs
    if (rank < ranks[one]!) continue
    ranks[one] = rank
    newest[one] = row
  }
  return newest
}

/** A row of a batch as it is told. */
function toldOf(batch: ObservationBatch, row: number, nowMs: number): NowValue {
  const { unit = '1' } = batch.series[batch.seriesOf[row]!]!
  const value = batch.values[row]!
  const timestampMs = batch.timestampsMs[row]!
  const told = batch.quality[row]!
  const code = isAhead(timestampMs, nowMs) ? Math.max(told, quality.suspect) : told
  return {
    value: Number.isFinite(value) ? value : null,
    unit,
    quality: qualityNames[code] ?? 'suspect',
    timestampMs,
  }
}
