import type { Worker } from 'node:worker_threads'

/** Time between two looks. */
const pauseMs = 50

/**
 * Looks at the heap of a thread again and again, in the middle of whatever it does, and says once that it is over the
 * limit. The engine's own limit is the last resort only: one large allocation beyond it ends the whole process.
 *
 * @returns ends the watch
 */
export function watchMemory(worker: Worker, limitMb: number, over: () => void): () => void {
  let timer: NodeJS.Timeout | undefined
  let ended = false
  const look = async (): Promise<void> => {
    // A thread that begins or ends tells nothing.
    const heap = await worker.getHeapStatistics().catch(() => undefined)
    if (ended) return
    if (heap && heap.used_heap_size > limitMb * 1024 ** 2) {
      ended = true
      over()
    } else timer = setTimeout(look, pauseMs)
  }
  timer = setTimeout(look, pauseMs)
  return () => {
    ended = true
    clearTimeout(timer)
  }
}
