import { useEffect, useState } from 'react'
import { type Watch, watchPoints } from './telemetry.ts'

/** Points watched while the page is there. Values do not draw the page anew: what shows them listens to the watch. */
export function useWatch(site: string, refs: readonly string[]): Watch | undefined {
  const [watch, setWatch] = useState<Watch>()
  const key = refs.join(' ')
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same points in another list are the same points
  useEffect(() => {
    if (refs.length === 0) return
    const opened = watchPoints(site, refs)
    setWatch(opened)
    return () => {
      setWatch(undefined)
      opened.close()
    }
  }, [site, key])
  return watch
}
