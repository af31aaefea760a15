import { MangroveError } from '../../kernel/index.ts'
import type { Caller } from '../caller.ts'
import { serverErrors } from '../errors.ts'
import type { NowValue, NowValues } from '../live-hub.ts'
import { readNow } from '../now.ts'
import { problemOf } from '../problem.ts'
import { noPoint } from '../query/point-list.ts'
import type { ServerParts } from '../server-parts.ts'
import { type AlarmWatch, watchAlarms } from './alarm-topic.ts'
import { type ClientMessage, idOf, maxWatchedPoints, readMessage } from './messages.ts'
import { createOutbox, type MessageSink } from './outbox.ts'

/** Codes of RFC 6455, 7.4.1. */
export const closeCodes = { goingAway: 1001, refused: 1008, tryLater: 1013 } as const

/** One connection of a client, whatever carries it. */
export interface Connection {
  /** A message of the client; undefined for bytes that are no text. */
  receive(data: string | undefined): void
  /** Whether the caller may still read what it watches: ends what it may not. */
  recheck(): Promise<void>
  /** Stops watching. */
  end(): void
  /** Points that are watched, and values that wait for the reader. */
  figures(): { readonly points: number; readonly waiting: number }
}

export interface ConnectionParts {
  readonly sink: MessageSink
  /** The caller as it was seen last. */
  caller(): Caller
  close(code: number, reason: string): void
}

/** Messages that wait for those before them. */
const maxWaitingMessages = 100

interface Watch {
  /** Subscribed points; of a site that is watched as a whole, those that it had then. */
  readonly points: Set<string>
  readonly stop: () => void
}

/** Subscriptions of one connection: each begins with a snapshot and goes on with changes. */
export function createConnection(parts: ServerParts, { sink, caller, close }: ConnectionParts): Connection {
  const outbox = createOutbox(sink, parts.liveCounts.leftOut)
  const watches = new Map<string, Watch>()
  const alarmWatches = new Map<string, AlarmWatch>()
  let ended = false
  let waitingMessages = 0
  let last: Promise<void> = Promise.resolve()
  const pointCount = (): number => [...watches.values()].reduce((sum, { points }) => sum + points.size, 0)
  const answer = (message: object): void => {
    if (!ended && !outbox.answer(message)) close(closeCodes.refused, 'The answers are not read')
  }
  const tellError = (error: unknown, message: Partial<ClientMessage>): void => {
    if (!(error instanceof MangroveError)) parts.report(error, 'a message of a live connection failed')
    const { code, title, detail, status, problems } = problemOf(error, '/api/v1/live')
    const { id, site } = message
    answer({
      type: 'error',
      ...(id === undefined ? {} : { id }),
      ...(site === undefined ? {} : { site }),
      code,
      title,
      status,
      detail,
      problems,
    })
  }
  const stop = (site: string): void => {
    watches.get(site)?.stop()
    watches.delete(site)
    outbox.drop(site)
  }

  const stopAlarms = (site: string): void => {
    alarmWatches.get(site)?.stop()
    alarmWatches.delete(site)
    outbox.dropAlarms(site)
  }
  const subscribeAlarms = async ({ id, site }: ClientMessage): Promise<void> => {
    const { rules } = parts.alarms.of(parts.sites.get(site).site.id) ?? {}
    answer({ type: 'subscribed', topic: 'alarms', ...(id === undefined ? {} : { id }), site, alarms: rules?.size ?? 0 })
    stopAlarms(site)
    const watch = watchAlarms(site, parts.alarms.of(site), (told) => outbox.alarms(site, told, false))
    alarmWatches.set(site, watch)
    const now = await watch.now()
    if (!ended && alarmWatches.get(site) === watch) outbox.alarms(site, now, true)
  }

  const subscribe = async (message: ClientMessage): Promise<void> => {
    const { id, site, points, topic } = message
    await caller().again()
    caller().demand('read', site)
    if (topic === 'alarms') return subscribeAlarms(message)
    const known = parts.sites.points(parts.sites.get(site).site)
    const wanted = points ?? [...known.keys()]
    const unknown = wanted.find((ref) => !known.has(ref))
    if (unknown !== undefined) throw noPoint(unknown, 'message.points')
    const before = watches.get(site)
    const added = [...new Set(wanted)].filter((ref) => !before?.points.has(ref))
    if (pointCount() + added.length > maxWatchedPoints) {
      throw serverErrors.badMessage({
        detail: 'One connection watches so many points and no more',
        place: { path: 'message.points' },
        found: pointCount() + added.length,
        expected: `at most ${maxWatchedPoints} points`,
      })
    }
    const watch = before ?? startWatch(site)
    for (const ref of added) watch.points.add(ref)
    answer({ type: 'subscribed', ...(id === undefined ? {} : { id }), site, points: watch.points.size })
    const now = await readNow(parts, site, points)
    // Ended or unsubscribed meanwhile.
    if (ended || watches.get(site) !== watch) return
    outbox.begin(
      site,
      valuesOf(wanted, (ref) => (watch.points.has(ref) ? now.points[ref] : undefined)),
    )
  }
  const startWatch = (site: string): Watch => {
    const points = new Set<string>()
    const stop = parts.hub.watch(site, (changed) => {
      const own = chosen(changed, points)
      if (own.size > 0) outbox.change(site, own)
    })
    const watch = { points, stop }
    watches.set(site, watch)
    return watch
  }
  const unsubscribe = ({ id, site, points, topic }: ClientMessage): void => {
    if (topic === 'alarms') {
      stopAlarms(site)
      answer({ type: 'unsubscribed', topic, ...(id === undefined ? {} : { id }), site })
      return
    }
    const watch = watches.get(site)
    if (watch && points) {
      for (const ref of points) watch.points.delete(ref)
      outbox.drop(site, points)
    }
    if (watch && (!points || watch.points.size === 0)) stop(site)
    answer({
      type: 'unsubscribed',
      ...(id === undefined ? {} : { id }),
      site,
      points: watches.get(site)?.points.size ?? 0,
    })
  }
  const handle = async (data: string | undefined): Promise<void> => {
    if (ended) return
    let message: Partial<ClientMessage> = {}
    try {
      const read = readMessage(data)
      message = read
      if (read.type === 'subscribe') await subscribe(read)
      else unsubscribe(read)
    } catch (error) {
      const id = message.id ?? idOf(data)
      tellError(error, { ...message, ...(id === undefined ? {} : { id }) })
    }
  }

  return {
    receive(data) {
      if (ended) return
      if (waitingMessages >= maxWaitingMessages) {
        close(closeCodes.refused, 'Too many messages at once')
        return
      }
      waitingMessages += 1
      last = last
        .then(() => handle(data))
        .finally(() => {
          waitingMessages -= 1
        })
    },
    async recheck() {
      try {
        await caller().again()
      } catch (error) {
        tellError(error, {})
        close(closeCodes.refused, 'The credential does not hold any more')
        return
      }
      for (const site of new Set([...watches.keys(), ...alarmWatches.keys()])) {
        if (caller().may('read', site)) continue
        stop(site)
        stopAlarms(site)
        answer({ type: 'ended', site })
      }
    },
    end() {
      ended = true
      for (const site of [...watches.keys()]) stop(site)
      for (const site of [...alarmWatches.keys()]) stopAlarms(site)
    },
    figures: () => ({ points: pointCount(), waiting: outbox.waiting() }),
  }
}

function valuesOf(refs: readonly string[], find: (ref: string) => NowValue | undefined): NowValues {
  const values = new Map<string, NowValue>()
  for (const ref of refs) {
    const value = find(ref)
    if (value) values.set(ref, value)
  }
  return values
}

/** The smaller of the two is walked through. */
function chosen(changed: NowValues, points: ReadonlySet<string>): NowValues {
  if (points.size < changed.size) return valuesOf([...points], (ref) => changed.get(ref))
  return new Map([...changed].filter(([ref]) => points.has(ref)))
}
