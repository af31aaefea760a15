import { useSyncExternalStore } from 'react'
import { serverNowMs } from '../api/clock.ts'
import { type Alarm, newlyAnnounced } from './alarm.ts'

export interface LiveAlarms {
  /** All that are not normal, by id; undefined until they are known. */
  readonly alarms: ReadonlyMap<string, Alarm> | undefined
  /** False while the connection is broken; the alarms above are then old. */
  readonly connected: boolean
  /** The connection broke, or never came; false while the first is on its way. */
  readonly lost: boolean
  /** When the alarms were as above last, by the clock of the server. */
  readonly heardMs: number
  /** Number of the newest entry of the log that is known. */
  readonly number: number
  /** What came with the last message that operators had not been told of. */
  readonly fresh: readonly Alarm[]
}

/** A message of `/api/v1/live` on the topic of alarms. */
export interface AlarmsMessage {
  readonly type: 'alarms'
  readonly number: number
  readonly complete?: boolean
  readonly alarms: readonly Alarm[]
}

const nothing: LiveAlarms = { alarms: undefined, connected: false, lost: false, heardMs: 0, number: 0, fresh: [] }

/** The alarms after a message: the first has all of them, those after it what changed. */
export function afterMessage(live: LiveAlarms, message: AlarmsMessage, nowMs: number): LiveAlarms {
  const before = live.alarms ?? new Map<string, Alarm>()
  const next = new Map(message.complete ? [] : before)
  for (const alarm of message.alarms) {
    if (alarm.state === 'normal') next.delete(alarm.id)
    else next.set(alarm.id, alarm)
  }
  return {
    alarms: next,
    connected: true,
    lost: false,
    heardMs: nowMs,
    number: Math.max(live.number, message.number),
    // What stood before the page was opened is no news.
    fresh: live.alarms === undefined ? [] : newlyAnnounced(before.values(), message.alarms),
  }
}

/** A message on alarms; undefined for any other, and for what is none. */
export function readMessage(data: string): AlarmsMessage | undefined {
  try {
    const message = JSON.parse(data) as Partial<AlarmsMessage> | null
    return message?.type === 'alarms' && Array.isArray(message.alarms) ? (message as AlarmsMessage) : undefined
  } catch {
    return undefined
  }
}

interface AlarmStore {
  subscribe(listener: () => void): () => void
  snapshot(): LiveAlarms
  /** An alarm as the answer to a request tells it, before the message of it comes. */
  take(alarms: readonly Alarm[]): void
  /** Alarms of an earlier visit, shown until the connection tells newer ones. */
  seed(alarms: readonly Alarm[], heardMs: number): void
}

const firstWaitMs = 1000
const longestWaitMs = 20_000
const stores = new Map<string, AlarmStore>()

/**
 * The alarms of one site, outside of React: one WebSocket while anybody watches. A browser opens six streams to one
 * server at most, over all of its tabs; sockets are not counted among them.
 */
function openAlarmStore(site: string): AlarmStore {
  const listeners = new Set<() => void>()
  let live = nothing
  let socket: WebSocket | undefined
  let retry: ReturnType<typeof setTimeout> | undefined
  let waitMs = firstWaitMs
  const publish = (next: LiveAlarms): void => {
    live = next
    for (const listener of listeners) listener()
  }
  const open = (): void => {
    const address = new URL('/api/v1/live', location.href)
    address.protocol = address.protocol.replace('http', 'ws')
    const own = new WebSocket(address)
    socket = own
    own.addEventListener('open', () => own.send(JSON.stringify({ type: 'subscribe', topic: 'alarms', site })))
    own.addEventListener('message', ({ data }) => {
      const message = readMessage(String(data))
      if (!message) return
      waitMs = firstWaitMs
      publish(afterMessage(live, message, serverNowMs()))
    })
    own.addEventListener('close', () => {
      if (socket !== own) return
      if (!live.lost) publish({ ...live, connected: false, lost: true, fresh: [] })
      retry = setTimeout(open, waitMs)
      waitMs = Math.min(longestWaitMs, 2 * waitMs)
    })
  }
  const close = (): void => {
    clearTimeout(retry)
    const old = socket
    socket = undefined
    old?.close()
    live = { ...live, connected: false, lost: false, fresh: [] }
  }
  return {
    snapshot: () => live,
    subscribe(listener) {
      listeners.add(listener)
      if (listeners.size === 1) open()
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) close()
      }
    },
    seed: (alarms, heardMs) => {
      if (!live.alarms) publish({ ...live, alarms: new Map(alarms.map((alarm) => [alarm.id, alarm])), heardMs })
    },
    take: (alarms) => {
      if (!live.alarms) return
      publish({
        ...afterMessage(live, { type: 'alarms', number: live.number, alarms }, live.heardMs),
        connected: live.connected,
        lost: live.lost,
      })
    },
  }
}

/** Sites whose alarms somebody watched. */
export const liveAlarms = (): ReadonlyMap<string, LiveAlarms> =>
  new Map([...stores].map(([site, store]) => [site, store.snapshot()]))

export function alarmStoreOf(site: string): AlarmStore {
  const known = stores.get(site)
  if (known) return known
  const opened = openAlarmStore(site)
  stores.set(site, opened)
  return opened
}

/** The alarms of a site as they change. */
export function useAlarms(site: string): LiveAlarms {
  const store = alarmStoreOf(site)
  return useSyncExternalStore(store.subscribe, store.snapshot)
}
