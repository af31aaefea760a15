import { useSyncExternalStore } from 'react'
import type { Tone } from './tone.tsx'

/** A notice that something was done or failed; it goes by itself. */
export interface Toast {
  readonly id: number
  readonly tone: Tone
  readonly text: string
}

/** No more than these stand at once: the oldest goes. */
const most = 3

let toasts: readonly Toast[] = []
let nextId = 1
const listeners = new Set<() => void>()

function change(next: readonly Toast[]): void {
  toasts = next
  for (const listener of listeners) listener()
}

/** Tells in passing that something was done, or failed; what must not be missed belongs on the page. */
export function toast(text: string, tone: Tone = 'good'): void {
  change([...toasts, { id: nextId++, tone, text }].slice(-most))
}

export const dismissToast = (id: number): void => change(toasts.filter((own) => own.id !== id))

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

export const useToasts = (): readonly Toast[] => useSyncExternalStore(subscribe, () => toasts)
