import { useSyncExternalStore } from 'react'

/** Where a number comes from: what the drawer of pedigrees opens on. */
export type Pedigree =
  | { readonly kind: 'point'; readonly site: string; readonly ref: string; readonly timestampMs?: number }
  /** A number in the result of a run; `path` leads to it: `["assets", "battery", "powerKw", 3]`. */
  | { readonly kind: 'run'; readonly run: string; readonly title: string; readonly path?: readonly (string | number)[] }

let shown: Pedigree | undefined
const listeners = new Set<() => void>()

/** Opens the drawer on a number, or closes it. */
export function showPedigree(pedigree: Pedigree | undefined): void {
  shown = pedigree
  for (const listener of listeners) listener()
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

export const useShownPedigree = (): Pedigree | undefined => useSyncExternalStore(subscribe, () => shown)
