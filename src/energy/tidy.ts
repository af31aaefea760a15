/** Drops solver dust: six decimals, no negative zero. */
export const tidy = (value: number): number => Math.round(value * 1e6) / 1e6 + 0
