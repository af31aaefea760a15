import type { ServerResponse } from 'node:http'
import type { FastifyReply } from 'fastify'
import type { LeftOut } from './live-counts.ts'
import type { NowValue, NowValues } from './live-hub.ts'

/** What a stream of server-sent events writes to; an HTTP response is one. */
export interface Sink {
  /** False: the reader is slow, wait for `drain`. */
  write(text: string): boolean
  once(event: 'drain', listener: () => void): unknown
}

export interface EventStream {
  send(event: string, data: unknown): void
  /** An event `changes` with newest values; of a slow reader's, the newest of each point. */
  change(values: NowValues): void
  comment(text: string): void
}

/** Newest values as they are sent. */
export const toChanges = (values: NowValues) => {
  let timestampMs = 0
  for (const value of values.values()) if (value.timestampMs > timestampMs) timestampMs = value.timestampMs
  return { timestampMs, points: Object.fromEntries(values) }
}

/**
 * Server-sent events that never queue: while the reader is slow only the newest event is kept, and of changes the newest value of
 * each point; the ones between are left out, so that memory stays flat and what arrives is never old.
 *
 * @param leftOut told of each that is left out
 */
export function createEventStream(sink: Sink, leftOut: (what: LeftOut) => void = () => undefined): EventStream {
  let blocked = false
  let newest: string | undefined
  let changed = new Map<string, NowValue>()

  const write = (text: string): void => {
    if (sink.write(text)) return
    blocked = true
    sink.once('drain', () => {
      blocked = false
      const next = newest
      newest = undefined
      if (next !== undefined) write(next)
      if (!blocked && changed.size > 0) {
        const values = changed
        changed = new Map()
        write(textOf('changes', toChanges(values)))
      }
    })
  }

  return {
    send(event, data) {
      const text = textOf(event, data)
      if (!blocked) return write(text)
      if (newest !== undefined) leftOut('event')
      newest = text
    },
    change(values) {
      if (!blocked) return write(textOf('changes', toChanges(values)))
      for (const [ref, value] of values) {
        if (changed.has(ref)) leftOut('value')
        changed.set(ref, value)
      }
    },
    comment(text) {
      if (!blocked) write(`: ${text}\n\n`)
    },
  }
}

const textOf = (event: string, data: unknown): string => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`

/** Takes the answer over and opens it as a stream of server-sent events. */
export function openEventStream(reply: FastifyReply): ServerResponse {
  reply.hijack()
  reply.raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
  return reply.raw
}
