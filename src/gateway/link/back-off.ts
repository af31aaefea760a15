import type { Random } from '../../kernel/index.ts'

/**
 * The wait before the next try, in ms: twice as long after each failure, with chance in the upper half of it, so that what went
 * away together does not come back together.
 */
export function backOffMs(failures: number, firstMs: number, longestMs: number, random: Random): number {
  const fullMs = Math.min(longestMs, firstMs * 2 ** Math.min(30, Math.max(0, failures - 1)))
  return fullMs * (0.5 + random.next() / 2)
}
