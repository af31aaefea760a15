/** What a stream of server-sent events writes to; an HTTP response is one. */
export interface Sink {
  /** False: the reader is slow, wait for `drain`. */
  write(text: string): boolean
  once(event: 'drain', listener: () => void): unknown
}

export interface EventStream {
  send(event: string, data: unknown): void
  comment(text: string): void
}

/**
 * Server-sent events that never queue: while the reader is slow only the newest event is kept, and the ones between
 * are left out, so that memory stays flat and what arrives is never old.
 */
export function createEventStream(sink: Sink): EventStream {
  let blocked = false
  let newest: string | undefined

  const write = (text: string): void => {
    if (sink.write(text)) return
    blocked = true
    sink.once('drain', () => {
      blocked = false
      const next = newest
      newest = undefined
      if (next !== undefined) write(next)
    })
  }

  return {
    send(event, data) {
      const text = `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
      if (blocked) newest = text
      else write(text)
    },
    comment(text) {
      if (!blocked) write(`: ${text}\n\n`)
    },
  }
}
