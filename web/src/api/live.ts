import { useSyncExternalStore } from 'react'
import type { Now } from './types.ts'

export interface Live {
  /** Newest values; undefined until the first arrive. */
  readonly now: Now | undefined
  /** False while the stream is broken; the values above are then old. */
  readonly connected: boolean
}

interface LiveStore {
  subscribe(listener: () => void): () => void
  snapshot(): Live
}

const retryMs = 3000
const stores = new Map<string, LiveStore>()

/**
 * The live values of one site, outside of React: one stream while anybody watches. The browser connects again by
 * itself; a stream it gave up is opened anew.
 */
function openLiveStore(siteId: string): LiveStore {
  const listeners = new Set<() => void>()
  let live: Live = { now: undefined, connected: false }
  let source: EventSource | undefined
  let retry: ReturnType<typeof setTimeout> | undefined
  const publish = (next: Live): void => {
    live = next
    for (const listener of listeners) listener()
  }
  const open = (): void => {
    source = new EventSource(`/api/v1/sites/${encodeURIComponent(siteId)}/live`)
    source.addEventListener('now', (event) => publish({ now: JSON.parse(event.data) as Now, connected: true }))
    source.addEventListener('error', () => {
      publish({ now: live.now, connected: false })
      if (source?.readyState === EventSource.CLOSED && listeners.size > 0) retry = setTimeout(open, retryMs)
    })
  }
  return {
    snapshot: () => live,
    subscribe(listener) {
      listeners.add(listener)
      if (listeners.size === 1) open()
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        clearTimeout(retry)
        source?.close()
      }
    },
  }
}

function liveStoreOf(siteId: string): LiveStore {
  const known = stores.get(siteId)
  if (known) return known
  const opened = openLiveStore(siteId)
  stores.set(siteId, opened)
  return opened
}

/** The live values of a site. */
export function useLive(siteId: string): Live {
  const store = liveStoreOf(siteId)
  return useSyncExternalStore(store.subscribe, store.snapshot)
}
