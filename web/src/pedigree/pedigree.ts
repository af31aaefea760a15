import { useSyncExternalStore } from 'react'

/** Where a number comes from: what the drawer of pedigrees opens on. */
export type Pedigree =
  | { readonly kind: 'point'; readonly site: string; readonly ref: string; readonly timestampMs?: number }
  /** A number in the result of a run; `path` leads to it: `["assets", "battery", "powerKw", 3]`. */
  | { readonly kind: 'run'; readonly run: string; readonly title: string; readonly path?: readonly (string | number)[] }
  /** A number that the console itself made of others; `formula` says how in words. */
  | {
      readonly kind: 'formula'
      readonly title: string
      readonly formula: string
      readonly parts: readonly FormulaPart[]
    }

export interface FormulaPart {
  readonly label: string
  readonly value: number | undefined
  readonly unit: string
  readonly from?: Pedigree
}

let shown: Pedigree | undefined
/** What had the focus when the drawer opened: it gets it back. */
let opener: Element | null = null
const listeners = new Set<() => void>()

/** Opens the drawer on a number, or closes it. */
export function showPedigree(pedigree: Pedigree | undefined): void {
  if (!shown) opener = document.activeElement
  shown = pedigree
  for (const listener of listeners) listener()
}

/** Closes the drawer and gives the focus back to the number that opened it. */
export function closePedigree(): void {
  showPedigree(undefined)
  if (opener instanceof HTMLElement && opener.isConnected) opener.focus()
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

export const useShownPedigree = (): Pedigree | undefined => useSyncExternalStore(subscribe, () => shown)
