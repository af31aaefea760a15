/** Event times before this, and from {@link latestMs} on, mean a broken clock (1970, 2262), not an observation. */
export const earliestMs: number = Date.UTC(1980, 0, 1)
/** Exclusive. */
export const latestMs: number = Date.UTC(2200, 0, 1)
