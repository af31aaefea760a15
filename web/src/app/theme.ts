import { useSyncExternalStore } from 'react'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

const storageKey = 'mangrove.theme'
const system = matchMedia('(prefers-color-scheme: dark)')
const listeners = new Set<() => void>()

const stored = (): Theme => themes.find((theme) => theme === localStorage.getItem(storageKey)) ?? 'system'

/** While a page is printed it is drawn for paper. */
let onPaper = false

const shown = (): 'light' | 'dark' => {
  if (onPaper) return 'light'
  const theme = stored()
  if (theme !== 'system') return theme
  return system.matches ? 'dark' : 'light'
}

function apply(): void {
  document.documentElement.dataset.theme = shown()
  for (const listener of listeners) listener()
}

export function startTheme(): void {
  apply()
  system.addEventListener('change', apply)
}

/** Draws for paper, or for the screen again. */
export function drawForPaper(paper: boolean): void {
  onPaper = paper
  apply()
}

export function chooseTheme(theme: Theme): void {
  localStorage.setItem(storageKey, theme)
  apply()
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** What was chosen, and the colours that are shown for it. */
export const useTheme = (): { readonly chosen: Theme; readonly shown: 'light' | 'dark' } => ({
  chosen: useSyncExternalStore(subscribe, stored),
  shown: useSyncExternalStore(subscribe, shown),
})
