/** A window is kept in parts, and what leaves it does so a part at a time: it is up to an eighth longer than asked for. */
const partsOfWidth = 8
const parts = partsOfWidth + 1

/** The least and the greatest value of the last while, for each of some points: bounded, however often a value comes. */
export interface RateWindows {
  /** The greatest rise and fall, as positive numbers, from any value of the window to this one, which joins it. */
  take(window: number, timestampMs: number, value: number): { readonly rise: number; readonly fall: number }
  write(window: number): readonly (readonly [part: number, least: number, most: number])[]
  read(window: number, written: readonly (readonly [part: number, least: number, most: number])[]): void
}

/** @param widthsMs width of each window */
export function createRateWindows(widthsMs: readonly number[]): RateWindows {
  const partOf = new Float64Array(widthsMs.length * parts).fill(Number.NEGATIVE_INFINITY)
  const least = new Float64Array(widthsMs.length * parts)
  const most = new Float64Array(widthsMs.length * parts)
  const found = { rise: 0, fall: 0 }
  return {
    take(window, timestampMs, value) {
      const part = Math.floor(timestampMs / (widthsMs[window]! / partsOfWidth))
      found.rise = 0
      found.fall = 0
      const from = window * parts
      for (let at = from; at < from + parts; at += 1) {
        if (partOf[at]! <= part - parts || partOf[at]! > part) continue
        if (value - least[at]! > found.rise) found.rise = value - least[at]!
        if (most[at]! - value > found.fall) found.fall = most[at]! - value
      }
      const own = from + (((part % parts) + parts) % parts)
      if (partOf[own] !== part) {
        partOf[own] = part
        least[own] = value
        most[own] = value
      } else {
        if (value < least[own]!) least[own] = value
        if (value > most[own]!) most[own] = value
      }
      return found
    },
    write: (window) =>
      Array.from({ length: parts }, (_, index) => window * parts + index)
        .filter((at) => Number.isFinite(partOf[at]))
        .map((at) => [partOf[at]!, least[at]!, most[at]!] as const),
    read(window, written) {
      for (const [part, low, high] of written) {
        const own = window * parts + (((part % parts) + parts) % parts)
        partOf[own] = part
        least[own] = low
        most[own] = high
      }
    },
  }
}
