import { useSyncExternalStore } from 'react'

/** How close things stand: a control room, a desk, a finger. */
export const densities = ['compact', 'comfortable', 'touch'] as const
export type Density = (typeof densities)[number]

const storageKey = 'mangrove.density'
const listeners = new Set<() => void>()

/** What was chosen; undefined: as the pointer asks for, a finger or a mouse. */
const chosen = (): Density | undefined => densities.find((density) => density === localStorage.getItem(storageKey))

function apply(): void {
  const density = chosen()
  if (density === undefined) delete document.documentElement.dataset.density
  else document.documentElement.dataset.density = density
  for (const listener of listeners) listener()
}

export const startDensity = (): void => apply()

/** Keeps another density for this browser; undefined goes back to what the pointer asks for. */
export function chooseDensity(density: Density | undefined): void {
  if (density === undefined) localStorage.removeItem(storageKey)
  else localStorage.setItem(storageKey, density)
  apply()
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

export const useDensity = (): Density | undefined => useSyncExternalStore(subscribe, chosen)
