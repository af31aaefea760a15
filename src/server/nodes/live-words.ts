import type { LiveHub } from '../live-hub.ts'
import type { NodeWords } from './node-words.ts'

/** Other nodes are told at most this often, of all sites together. */
const tellMs = 100
/** Sites that one word names. */
const mostNamed = 100

export interface LiveWords {
  /** The hub whose `arrived` tells other nodes too. */
  readonly hub: LiveHub
  close(): void
}

/**
 * Lets who watches this node see what came in at another: a word says of which sites, at most ten times a second, and the newest
 * values are read from the store. A node reads a site that it heard of, and that somebody watches, at most ten times a second.
 */
export function createLiveWords(words: NodeWords, hub: LiveHub): LiveWords {
  const waiting = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  const tell = (): void => {
    timer = undefined
    const ids = [...waiting].slice(0, mostNamed)
    for (const id of ids) waiting.delete(id)
    words.tell({ kind: 'sites', ids })
    if (waiting.size > 0) later()
  }
  const later = (): void => {
    timer ??= setTimeout(tell, tellMs)
    timer.unref()
  }
  const stop = words.hear('sites', (word) => {
    for (const site of word?.ids ?? hub.watched()) hub.heard(site)
  })
  return {
    hub: words.shared
      ? {
          ...hub,
          arrived(batch) {
            hub.arrived(batch)
            for (const { site } of batch.series) waiting.add(site)
            if (waiting.size > 0) later()
          },
        }
      : hub,
    close() {
      clearTimeout(timer)
      stop()
    },
  }
}
