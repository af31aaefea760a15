/** Short words that the nodes on one database tell each other. Nothing depends on their coming: whoever hears one reads sooner. */
export interface News {
  /** False where this process is the only node: nothing is told and nothing heard. */
  readonly shared: boolean
  /** Tells all nodes, this one too. At most {@link maxNewsBytes}. Fails in silence: it is only news. */
  tell(word: string): void
  /** Calls back with each word, and with undefined where words may have been missed. Returns the way to stop. */
  hear(listener: (word: string | undefined) => void): () => void
  /** Words that were not told because too many waited. */
  dropped(): number
  close(): Promise<void>
}

/** PostgreSQL carries words of up to 8000 bytes. */
export const maxNewsBytes = 7900

/** Of a store that no other node shares. */
export const noNews: News = {
  shared: false,
  tell: () => undefined,
  hear: () => () => undefined,
  dropped: () => 0,
  close: () => Promise.resolve(),
}

/** Of a database that is opened at its first use. */
export function lazyNews(open: () => Promise<News>): News {
  let opened: News | undefined
  return {
    shared: true,
    tell(word) {
      open().then(
        (news) => {
          opened = news
          news.tell(word)
        },
        () => undefined,
      )
    },
    hear(listener) {
      let stopped = false
      let stop: (() => void) | undefined
      open().then(
        (news) => {
          if (!stopped) stop = news.hear(listener)
        },
        () => undefined,
      )
      return () => {
        stopped = true
        stop?.()
      }
    },
    dropped: () => opened?.dropped() ?? 0,
    close: () => Promise.resolve(),
  }
}
