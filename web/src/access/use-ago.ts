import { ageOf } from '../format/times.ts'
import { useWords } from '../words/words.ts'

const dayMs = 86_400_000

/** Says how long ago something was, in days from two on. */
export function useAgo(nowMs: number): (timestampMs: number) => string {
  const { say } = useWords()
  return (timestampMs) => {
    const spanMs = Math.max(0, nowMs - timestampMs)
    if (spanMs >= 2 * dayMs) return say('access.daysAgo', { days: Math.floor(spanMs / dayMs) })
    const { count, unit } = ageOf(spanMs)
    return say('access.ago', { age: say(`age.${unit}`, { count }) })
  }
}
