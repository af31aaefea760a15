import { useSyncExternalStore } from 'react'
import { isOnline, onConnection } from '../api/connection.ts'

/** A new version is looked for so often while a page stays open. */
const lookMs = 3_600_000

let waiting: ServiceWorker | undefined
const listeners = new Set<() => void>()

const setWaiting = (worker: ServiceWorker | undefined): void => {
  waiting = worker
  for (const listener of listeners) listener()
}

/** Tells the worker which files this page has loaded, the pages that were visited among them. */
function tellVisited(worker: ServiceWorker): void {
  const urls = performance
    .getEntriesByType('resource')
    .map(({ name }) => name)
    .filter((name) => name.startsWith(`${location.origin}/assets/`))
  worker.postMessage({ kind: 'keep', urls })
}

function watchUpdates(registration: ServiceWorkerRegistration): void {
  const look = (worker: ServiceWorker | null): void => {
    // The first one of all takes over by itself and is no news.
    if (worker?.state === 'installed' && navigator.serviceWorker.controller) setWaiting(worker)
  }
  look(registration.waiting)
  registration.addEventListener('updatefound', () => {
    const { installing } = registration
    installing?.addEventListener('statechange', () => look(installing))
  })
  const update = (): void => void registration.update().catch(() => undefined)
  setInterval(update, lookMs)
  onConnection(() => isOnline() && update())
}

/** Makes the console start without a connection, where the browser and the way to the server (TLS, or this machine) allow it. */
export async function installConsole(): Promise<void> {
  const { serviceWorker } = navigator
  if (!import.meta.env.PROD || !serviceWorker) return
  const had = serviceWorker.controller !== null
  let reloading = false
  serviceWorker.addEventListener('controllerchange', () => {
    if (!had || reloading) return
    reloading = true
    location.reload()
  })
  try {
    const registration = await serviceWorker.register('/service-worker.js', { updateViaCache: 'none' })
    watchUpdates(registration)
    const { active } = await serviceWorker.ready
    if (active) tellVisited(active)
  } catch {
    // Without it the console works as long as the server does.
  }
}

/** Puts the new version in place; every page of the console in this browser is loaded anew. */
export const takeNewVersion = (): void => waiting?.postMessage({ kind: 'take-over' })

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** Whether a new version waits to be put in place. */
export const useNewVersion = (): boolean => useSyncExternalStore(subscribe, () => waiting !== undefined)
