import { toChanges } from '../event-stream.ts'
import type { LeftOut } from '../live-counts.ts'
import type { NowValue, NowValues } from '../live-hub.ts'

/** What messages are written to; a WebSocket is one. */
export interface MessageSink {
  /** Bytes that the reader has not taken yet. */
  readonly bufferedAmount: number
  /** @param done when the bytes have left */
  send(text: string, done: (error?: Error) => void): void
}

export interface Outbox {
  /** An answer to a message of the client. False: the reader takes nothing, and has been sent too much already. */
  answer(message: object): boolean
  /** Values of points that were just subscribed. */
  begin(site: string, values: NowValues): void
  /** Newer values of points that are subscribed: whoever tells them knows that they are. */
  change(site: string, values: NowValues): void
  /** Forgets what waits of a site, or of some of its points. */
  drop(site: string, points?: Iterable<string>): void
  /** Values that wait for the reader. */
  waiting(): number
}

/** Bytes on their way above which values wait. */
const highWaterBytes = 65_536
/** Bytes on their way above which not even an answer is written. */
const mostBytes = 1_048_576
/** Points of one message: half a millisecond of work. */
const pointsAMessage = 500

/** Newest values of one site that wait. A point stands in one of the two. */
interface Waiting {
  readonly snapshot: Map<string, NowValue>
  readonly changes: Map<string, NowValue>
}

/**
 * Messages to one reader. While it is slow the newest value of each point waits and older ones are left out, so that there wait
 * never more values than points are subscribed, and what arrives is never old.
 *
 * @param leftOut told of each that is left out
 */
export function createOutbox(sink: MessageSink, leftOut: (what: LeftOut) => void = () => undefined): Outbox {
  const sites = new Map<string, Waiting>()
  let sending = false
  const waitingOf = (site: string): Waiting => {
    const found = sites.get(site) ?? { snapshot: new Map(), changes: new Map() }
    sites.set(site, found)
    return found
  }
  const write = (message: object): void => {
    sink.send(JSON.stringify(message), (error) => {
      if (!error && !sending) flush()
    })
  }
  const flush = (): void => {
    sending = true
    try {
      while (sink.bufferedAmount < highWaterBytes) {
        const [next] = sites
        if (!next) return
        const [site, waiting] = next
        const message = takeMessage(site, waiting)
        sites.delete(site)
        // Sites take turns.
        if (waiting.snapshot.size > 0 || waiting.changes.size > 0) sites.set(site, waiting)
        if (message) write(message)
      }
    } finally {
      sending = false
    }
  }
  return {
    answer(message) {
      if (sink.bufferedAmount > mostBytes) return false
      write(message)
      return true
    },
    begin(site, values) {
      const waiting = waitingOf(site)
      for (const [ref, value] of values) {
        const newer = waiting.changes.get(ref)
        waiting.changes.delete(ref)
        waiting.snapshot.set(ref, newer && newer.timestampMs >= value.timestampMs ? newer : value)
      }
      flush()
    },
    change(site, values) {
      const waiting = waitingOf(site)
      for (const [ref, value] of values) {
        const place = waiting.snapshot.has(ref) ? waiting.snapshot : waiting.changes
        if (place.has(ref)) leftOut('value')
        place.set(ref, value)
      }
      flush()
    },
    drop(site, points) {
      const waiting = sites.get(site)
      if (!waiting) return
      if (!points) {
        sites.delete(site)
        return
      }
      for (const ref of points) {
        waiting.snapshot.delete(ref)
        waiting.changes.delete(ref)
      }
    },
    waiting: () => [...sites.values()].reduce((sum, { snapshot, changes }) => sum + snapshot.size + changes.size, 0),
  }
}

/** First what was subscribed, in parts of which the last says so; then what changed. */
function takeMessage(site: string, { snapshot, changes }: Waiting): object | undefined {
  const type = snapshot.size > 0 ? 'snapshot' : 'changes'
  const from = snapshot.size > 0 ? snapshot : changes
  if (from.size === 0) return undefined
  const taken = new Map<string, NowValue>()
  for (const [ref, value] of from) {
    if (taken.size === pointsAMessage) break
    taken.set(ref, value)
    from.delete(ref)
  }
  return { type, site, ...toChanges(taken), ...(type === 'snapshot' ? { complete: from.size === 0 } : {}) }
}
