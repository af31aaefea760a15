import type { DeclaredPoints } from '../declared-points.ts'
import type { NodeWords } from './node-words.ts'

/** Where a word was missed, points that another node declared are seen after this long at the latest. */
const refreshMs = 10_000

/**
 * Keeps points that are declared at run time as other nodes have them: read anew when one says so, and every ten seconds.
 *
 * @returns the way to stop
 */
export function followPoints(
  words: NodeWords,
  declared: Pick<DeclaredPoints, 'refresh'>,
  report: (error: unknown, message: string) => void,
): () => void {
  if (!words.shared) return () => undefined
  const refresh = (site?: string): void =>
    void declared.refresh(site).catch((error) => report(error, 'points declared at other nodes were not read'))
  const timer = setInterval(refresh, refreshMs)
  timer.unref()
  const stop = words.hear('points', (word) => refresh(word?.site))
  return () => {
    clearInterval(timer)
    stop()
  }
}
