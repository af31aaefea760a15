import { statfs } from 'node:fs/promises'
import { monitorEventLoopDelay } from 'node:perf_hooks'

/** Room on the disk of a folder. */
export interface DiskRoom {
  readonly freeBytes: number
  readonly totalBytes: number
}

/** What this user may still write; undefined where the system does not tell. */
export async function diskRoomOf(folder: string): Promise<DiskRoom | undefined> {
  try {
    const { bavail, blocks, bsize } = await statfs(folder)
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize }
  } catch {
    return undefined
  }
}

/** How late timers of this thread are, since it was last asked. */
export interface LoopDelay {
  readonly medianS: number
  readonly p99S: number
  readonly maxS: number
}

export interface LoopDelayMeter {
  take(): LoopDelay
  close(): void
}

const resolutionMs = 10

export function createLoopDelayMeter(): LoopDelayMeter {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs })
  histogram.enable()
  // The histogram holds times between two looks, of which the resolution is meant.
  const beyond = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e9 - resolutionMs / 1000)
  return {
    take() {
      const delay = {
        medianS: beyond(histogram.percentile(50)),
        p99S: beyond(histogram.percentile(99)),
        maxS: beyond(histogram.max),
      }
      histogram.reset()
      return delay
    },
    close: () => void histogram.disable(),
  }
}
