import { readValues } from './live-message.ts'
import type { LinkState, LiveRows } from './protocol.ts'
import { createRing, type Ring } from './ring.ts'

/** A connection as far as the feed uses it; a WebSocket is one. */
export interface FeedSocket {
  send(text: string): void
  close(): void
}

export interface FeedSocketEvents {
  onOpen(): void
  onMessage(data: unknown): void
  onClose(): void
}

export interface FeedOptions {
  connect(events: FeedSocketEvents): FeedSocket
  /** Calls back once, later; returns the way to stop it. */
  after(waitMs: number, call: () => void): () => void
  now(): number
  /** Chance in [0, 1), which keeps many consoles from coming back at once. */
  chance(): number
  onRows(watch: number, rows: LiveRows): void
  onLink(watch: number, state: LinkState, sinceMs: number): void
}

export interface LiveFeed {
  watch(id: number, site: string, refs: readonly string[]): void
  unwatch(id: number): void
  /** The machine is online again: no use in waiting. */
  hurry(): void
}

/** Values kept of each point: a quarter of an hour at one a second. */
export const ringCapacity = 900
const firstWaitMs = 1000
const longestWaitMs = 20_000
/** A page that comes back within this finds its values still there. */
const lingerMs = 30_000
/** Values go to pages together, once in a frame of 60 Hz. */
const frameMs = 16

interface Watched {
  readonly site: string
  readonly refs: readonly string[]
  readonly indices: ReadonlyMap<string, number>
  /** What waits for the next frame. */
  readonly waiting: { index: number; timestampMs: number; value: number; quality: number }[]
}

interface KeptSite {
  readonly rings: Map<string, Ring>
  /** Points whose next value comes after a time without connection. */
  readonly broken: Set<string>
}

/**
 * Live values of points over one connection for all pages: rings of the newest values, gaps where the connection was down, another
 * try after a while that doubles.
 */
export function createLiveFeed(options: FeedOptions): LiveFeed {
  const { connect, after, now, chance, onRows, onLink } = options
  const watches = new Map<number, Watched>()
  const sites = new Map<string, KeptSite>()
  let socket: FeedSocket | undefined
  let opened = false
  let link: { readonly state: LinkState; readonly sinceMs: number } = { state: 'connecting', sinceMs: now() }
  let waitMs = firstWaitMs
  let stopRetry = (): void => undefined
  let frameDue = false

  const siteOf = (site: string): KeptSite => {
    const found = sites.get(site) ?? { rings: new Map(), broken: new Set() }
    sites.set(site, found)
    return found
  }
  const tellLink = (state: LinkState): void => {
    link = { state, sinceMs: now() }
    for (const id of watches.keys()) onLink(id, state, link.sinceMs)
  }
  const subscribe = (site: string, refs: Iterable<string>): void => {
    const points = [...refs]
    if (opened && points.length > 0) socket?.send(JSON.stringify({ type: 'subscribe', site, points }))
  }
  const flush = (): void => {
    frameDue = false
    for (const [id, { waiting }] of watches) {
      if (waiting.length === 0) continue
      onRows(id, toRows(waiting))
      waiting.length = 0
    }
  }
  const flushSoon = (): void => {
    if (frameDue) return
    frameDue = true
    after(frameMs, flush)
  }
  const hand = (site: string, ref: string, timestampMs: number, value: number, quality: number): void => {
    for (const watched of watches.values()) {
      const index = watched.site === site ? watched.indices.get(ref) : undefined
      if (index !== undefined) watched.waiting.push({ index, timestampMs, value, quality })
    }
  }
  const take = (data: unknown): void => {
    const message = readValues(data)
    if (!message) return
    const kept = sites.get(message.site)
    if (!kept) return
    for (const { ref, timestampMs, value, quality } of message.values) {
      const ring = kept.rings.get(ref)
      if (!ring) continue
      const newestMs = ring.newestMs()
      const gap = kept.broken.delete(ref) && newestMs !== undefined && timestampMs > newestMs
      if (gap) {
        ring.pushGap()
        hand(message.site, ref, newestMs + 1, Number.NaN, 4)
      }
      if (ring.push(timestampMs, value, quality)) hand(message.site, ref, timestampMs, value, quality)
    }
    flushSoon()
  }
  const open = (): void => {
    stopRetry()
    opened = false
    const own = connect({
      onOpen() {
        if (socket !== own) return
        opened = true
        waitMs = firstWaitMs
        for (const [site, { rings }] of sites) subscribe(site, rings.keys())
        tellLink('live')
      },
      onMessage(data) {
        if (socket === own) take(data)
      },
      onClose() {
        if (socket !== own) return
        socket = undefined
        opened = false
        for (const { rings, broken } of sites.values()) for (const ref of rings.keys()) broken.add(ref)
        if (link.state !== 'lost') tellLink('lost')
        stopRetry = after(waitMs * (0.75 + chance() / 2), open)
        waitMs = Math.min(longestWaitMs, 2 * waitMs)
      },
    })
    socket = own
  }
  const isWatched = (site: string, ref: string): boolean =>
    [...watches.values()].some((own) => own.site === site && own.indices.has(ref))
  /** Forgets what nobody watches any more; closes the connection when that is everything. */
  const sweep = (): void => {
    for (const [site, { rings, broken }] of sites) {
      const idle = [...rings.keys()].filter((ref) => !isWatched(site, ref))
      for (const ref of idle) {
        rings.delete(ref)
        broken.delete(ref)
      }
      if (opened && idle.length > 0) socket?.send(JSON.stringify({ type: 'unsubscribe', site, points: idle }))
      if (rings.size === 0) sites.delete(site)
    }
    if (sites.size > 0) return
    stopRetry()
    const old = socket
    socket = undefined
    opened = false
    link = { state: 'connecting', sinceMs: now() }
    old?.close()
  }

  return {
    watch(id, site, refs) {
      const indices = new Map(refs.map((ref, index) => [ref, index]))
      const watched: Watched = { site, refs, indices, waiting: [] }
      watches.set(id, watched)
      const kept = siteOf(site)
      const added = refs.filter((ref) => !kept.rings.has(ref))
      for (const ref of added) kept.rings.set(ref, createRing(ringCapacity))
      for (const [ref, index] of indices) {
        const ring = kept.rings.get(ref)!
        for (let at = 0; at < ring.size(); at += 1) {
          watched.waiting.push({
            ...{ index, timestampMs: ring.timeAt(at), value: ring.valueAt(at), quality: ring.qualityAt(at) },
          })
        }
      }
      onLink(id, link.state, link.sinceMs)
      if (watched.waiting.length > 0) flushSoon()
      if (socket) subscribe(site, added)
      else if (link.state === 'connecting') open()
    },
    unwatch(id) {
      if (watches.delete(id)) after(lingerMs, sweep)
    },
    hurry() {
      if (!socket && sites.size > 0) open()
    },
  }
}

function toRows(waiting: Watched['waiting']): LiveRows {
  const rows = {
    indices: new Uint16Array(waiting.length),
    timestampsMs: new Float64Array(waiting.length),
    values: new Float64Array(waiting.length),
    quality: new Uint8Array(waiting.length),
  }
  for (const [row, { index, timestampMs, value, quality }] of waiting.entries()) {
    rows.indices[row] = index
    rows.timestampsMs[row] = timestampMs
    rows.values[row] = value
    rows.quality[row] = quality
  }
  return rows
}
