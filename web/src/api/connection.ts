import { useSyncExternalStore } from 'react'
import { hearClock, serverNowMs } from './clock.ts'

export interface Connection {
  /** False from a failure on that a second look has confirmed, until the server answers again. */
  readonly online: boolean
  /** Since when it is so, by the clock of the server. */
  readonly sinceMs: number
}

const probeMs = 5000
let connection: Connection = { online: true, sinceMs: serverNowMs() }
let probing = false
let timer: ReturnType<typeof setTimeout> | undefined
const listeners = new Set<() => void>()

function become(online: boolean, sinceMs: number): void {
  if (connection.online === online) return
  connection = { online, sinceMs }
  for (const listener of listeners) listener()
}

/** Something came from the server. */
export function reached(): void {
  clearTimeout(timer)
  become(true, serverNowMs())
}

/** Asks whether the server is up, in a request that nothing depends on. */
async function isUp(): Promise<boolean> {
  const sentMs = Date.now()
  try {
    const answer = await fetch('/health', { cache: 'no-store', signal: AbortSignal.timeout(probeMs) })
    hearClock(answer.headers, sentMs, Date.now())
    return answer.status < 500
  } catch {
    return false
  }
}

async function probe(sinceMs: number): Promise<void> {
  clearTimeout(timer)
  if (probing) return
  probing = true
  const up = await isUp()
  probing = false
  if (up) return reached()
  become(false, sinceMs)
  timer = setTimeout(() => void probe(sinceMs), probeMs)
}

/** Something could not be fetched: looked at again before anybody is told, for one lost answer is no lost connection. */
export const unreached = (): void => void probe(serverNowMs())

/** Listens to what the device itself knows of its network. */
export function watchConnection(): void {
  addEventListener('offline', () => {
    become(false, serverNowMs())
    unreached()
  })
  addEventListener('online', unreached)
}

export const isOnline = (): boolean => connection.online

/** Calls back at every change. */
export function onConnection(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

export const useConnection = (): Connection => useSyncExternalStore(onConnection, () => connection)
