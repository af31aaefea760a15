/** How whoever waits for something long hears of it, and stops it. */
export interface Watch {
  readonly progress?: (fraction: number, message: string) => void
  readonly signal?: AbortSignal
}

/** Part of something longer: its progress runs from `from` to `to` of the whole. */
export const partOf = ({ progress, signal }: Watch, from: number, to: number): Watch => ({
  ...(progress ? { progress: (fraction, message) => progress(from + (to - from) * fraction, message) } : {}),
  ...(signal ? { signal } : {}),
})
