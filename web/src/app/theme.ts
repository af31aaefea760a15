import { useSyncExternalStore } from 'react'

export const themes = ['system', 'light', 'dark', 'contrast'] as const
export type Theme = (typeof themes)[number]
/** Themes that have colours of their own. */
export type ShownTheme = Exclude<Theme, 'system'>

const storageKey = 'mangrove.theme'
const prefersDark = matchMedia('(prefers-color-scheme: dark)')
const prefersContrast = matchMedia('(prefers-contrast: more)')
const listeners = new Set<() => void>()

const stored = (): Theme => themes.find((theme) => theme === localStorage.getItem(storageKey)) ?? 'system'

/** While a page is printed it is drawn for paper. */
let onPaper = false

const shown = (): ShownTheme => {
  if (onPaper) return 'light'
  const theme = stored()
  if (theme !== 'system') return theme
  if (prefersContrast.matches) return 'contrast'
  return prefersDark.matches ? 'dark' : 'light'
}

function apply(): void {
  document.documentElement.dataset.theme = shown()
  for (const listener of listeners) listener()
}

export function startTheme(): void {
  apply()
  prefersDark.addEventListener('change', apply)
  prefersContrast.addEventListener('change', apply)
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
export const useTheme = (): { readonly chosen: Theme; readonly shown: ShownTheme } => ({
  chosen: useSyncExternalStore(subscribe, stored),
  shown: useSyncExternalStore(subscribe, shown),
})
