/// <reference lib="webworker" />
import { fetchSeries, ReadError } from './fetch-series.ts'
import { createLiveFeed, type FeedSocket, type FeedSocketEvents } from './live-feed.ts'
import type { Asked, Told } from './protocol.ts'
import type { SeriesAnswer, SeriesColumns } from './series.ts'

// The thread that holds the live connection and reads observations: pages get typed arrays, and never wait for text to be parsed.

const scope = self as unknown as DedicatedWorkerGlobalScope

const tell = (told: Told, transfer: Transferable[] = []): void => scope.postMessage(told, transfer)

function connect({ onOpen, onMessage, onClose }: FeedSocketEvents): FeedSocket {
  const address = new URL('/api/v1/live', scope.location.origin)
  address.protocol = address.protocol.replace('http', 'ws')
  const socket = new WebSocket(address)
  socket.addEventListener('open', onOpen)
  socket.addEventListener('message', ({ data }) => onMessage(data))
  socket.addEventListener('close', onClose)
  return { send: (text) => socket.send(text), close: () => socket.close() }
}

const feed = createLiveFeed({
  connect,
  after(waitMs, call) {
    const timer = setTimeout(call, waitMs)
    return () => clearTimeout(timer)
  },
  now: Date.now,
  chance: Math.random,
  onRows: (id, rows) =>
    tell({ kind: 'rows', id, ...rows }, [
      rows.indices.buffer,
      rows.timestampsMs.buffer,
      rows.values.buffer,
      rows.quality.buffer,
    ] as ArrayBuffer[]),
  onLink: (id, state, sinceMs) => tell({ kind: 'link', id, state, sinceMs }),
})
scope.addEventListener('online', () => feed.hurry())

/** Columns may be views on one body, which is handed over once. */
function buffersOf(series: SeriesAnswer): Transferable[] {
  const columns = (own: SeriesColumns) => [own.timestampsMs, own.values, own.quality, own.lows, own.highs]
  const buffers = Object.values(series).flatMap((own) => columns(own).flatMap((column) => column?.buffer ?? []))
  return [...new Set(buffers)] as ArrayBuffer[]
}

const reading = new Map<number, AbortController>()

async function read(asked: Extract<Asked, { readonly kind: 'read' }>): Promise<void> {
  const control = new AbortController()
  reading.set(asked.id, control)
  try {
    const series = await fetchSeries(asked.request, control.signal)
    tell({ kind: 'series', id: asked.id, series }, buffersOf(series))
  } catch (error) {
    if (control.signal.aborted) return
    const detail = error instanceof Error ? error.message : String(error)
    const problem = error instanceof ReadError ? error.problem : { code: 'unread', status: -1, title: detail, detail }
    tell({ kind: 'failed', id: asked.id, problem })
  } finally {
    reading.delete(asked.id)
  }
}

scope.addEventListener('message', ({ data }: MessageEvent<Asked>) => {
  switch (data.kind) {
    case 'watch':
      return feed.watch(data.id, data.site, data.refs)
    case 'unwatch':
      return feed.unwatch(data.id)
    case 'read':
      return void read(data)
    case 'cancel':
      return reading.get(data.id)?.abort()
  }
})
