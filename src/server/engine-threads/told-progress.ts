/** Tells how far a run is. */
export type Tell = (fraction: number, message: string) => void

/** At most this often; a loop that tells each of its steps costs the server nothing. */
const pauseMs = 20

/** Tells the first at once and of the following only the newest, now and then; `end` tells nothing more. */
export function createToldProgress(tell: Tell): { readonly progress: Tell; end(): void } {
  let toldMs = Number.NEGATIVE_INFINITY
  let newest: Parameters<Tell> | undefined
  let timer: NodeJS.Timeout | undefined
  let ended = false
  const flush = (): void => {
    clearTimeout(timer)
    timer = undefined
    if (!newest) return
    const told = newest
    newest = undefined
    toldMs = performance.now()
    tell(...told)
  }
  return {
    progress(fraction, message) {
      if (ended) return
      newest = [fraction, message]
      const leftMs = toldMs + pauseMs - performance.now()
      if (leftMs <= 0) flush()
      else timer ??= setTimeout(flush, leftMs)
    },
    end() {
      ended = true
      clearTimeout(timer)
    },
  }
}
