import type { AlarmView } from '../alarms/alarm-view.ts'
import { toChanges } from '../event-stream.ts'
import type { LeftOut } from '../live-counts.ts'
import type { NowValue, NowValues } from '../live-hub.ts'
import type { ToldAlarms } from './alarm-topic.ts'

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
  /** Alarms of a site: all that are not normal, then those that changed. */
  alarms(site: string, told: ToldAlarms, whole: boolean): void
  dropAlarms(site: string): void
  /** Forgets the values that wait of a site, or of some of its points. */
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
  /** Newest state of each alarm that changed. */
  readonly alarms: Map<string, AlarmView>
  number: number
  /** The first alarms are all there are. */
  whole: boolean
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
    const found = sites.get(site) ?? emptyWaiting()
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
        if (!isEmpty(waiting)) sites.set(site, waiting)
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
    alarms(site, { number, alarms }, whole) {
      if (alarms.length === 0 && !whole) return
      const waiting = waitingOf(site)
      for (const view of alarms) {
        if (waiting.alarms.delete(view.id)) leftOut('value')
        waiting.alarms.set(view.id, view)
      }
      waiting.number = Math.max(waiting.number, number)
      waiting.whole ||= whole
      flush()
    },
    dropAlarms(site) {
      const waiting = sites.get(site)
      if (!waiting) return
      waiting.alarms.clear()
      waiting.whole = false
      if (isEmpty(waiting)) sites.delete(site)
    },
    drop(site, points) {
      const waiting = sites.get(site)
      if (!waiting) return
      if (!points) {
        waiting.snapshot.clear()
        waiting.changes.clear()
        if (isEmpty(waiting)) sites.delete(site)
        return
      }
      for (const ref of points) {
        waiting.snapshot.delete(ref)
        waiting.changes.delete(ref)
      }
    },
    waiting: () =>
      [...sites.values()].reduce(
        (sum, { snapshot, changes, alarms }) => sum + snapshot.size + changes.size + alarms.size,
        0,
      ),
  }
}

const emptyWaiting = (): Waiting => ({
  ...{ snapshot: new Map(), changes: new Map(), alarms: new Map(), number: 0, whole: false },
})

const isEmpty = ({ snapshot, changes, alarms, whole }: Waiting): boolean =>
  snapshot.size === 0 && changes.size === 0 && alarms.size === 0 && !whole

/** Alarms first: they are few. All that there are in one message, which says so. */
function takeAlarms(site: string, waiting: Waiting): object {
  const { alarms, number, whole } = waiting
  const message = { type: 'alarms', site, number, complete: whole, alarms: [...alarms.values()] }
  alarms.clear()
  waiting.whole = false
  return message
}

/** Then what was subscribed, in parts of which the last says so; then what changed. */
function takeMessage(site: string, waiting: Waiting): object | undefined {
  const { snapshot, changes } = waiting
  if (waiting.alarms.size > 0 || waiting.whole) return takeAlarms(site, waiting)
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
