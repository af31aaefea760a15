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
  publish(site: string, now: Now): void
  newest(site: string): Now | undefined
  /** Returns the way to unsubscribe. */
  subscribe(site: string, listener: (now: Now) => void): () => void
}

/** Carries the newest values of sites from whoever knows them to whoever watches. */
export function createLiveHub(): LiveHub {
  const newest = new Map<string, Now>()
  const listeners = new Map<string, Set<(now: Now) => void>>()
  return {
    publish(site, now) {
      newest.set(site, now)
      for (const listener of listeners.get(site) ?? []) listener(now)
    },
    newest: (site) => newest.get(site),
    subscribe(site, listener) {
      const group = listeners.get(site) ?? new Set()
      listeners.set(site, group)
      group.add(listener)
      return () => void group.delete(listener)
    },
  }
}
