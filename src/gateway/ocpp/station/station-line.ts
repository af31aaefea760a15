import { randomUUID } from 'node:crypto'
import { WebSocket } from 'ws'
import type { OcppVersion } from '../versions.ts'

/** Where a simulated station calls, and how it proves who it is. */
export interface LineSettings {
  /** `ws://127.0.0.1:9220`; the name of the station is added. */
  readonly url: string
  readonly stationId: string
  readonly version: OcppVersion
  readonly password?: string
  readonly tls?: { readonly ca?: string; readonly certificate?: string; readonly key?: string }
}

export interface Reaction {
  readonly answer: Readonly<Record<string, unknown>>
  /** What the station does after the answer has gone. */
  readonly after?: () => Promise<void> | void
}

/** A CALLERROR, as answer to either side. */
export class CallError extends Error {
  readonly code: string

  constructor(code: string, description: string) {
    super(description)
    this.name = 'CallError'
    this.code = code
  }
}

/** A frame that went over the line: for scenarios that tell what must be seen. */
export interface SeenFrame {
  readonly from: 'station' | 'central'
  readonly frame: readonly unknown[]
}

export interface StationLine {
  call(method: string, params: unknown): Promise<Readonly<Record<string, unknown>>>
  /** For what no schema allows. */
  sendRaw(text: string): void
  close(): Promise<void>
  readonly open: boolean
}

interface Waiting {
  readonly resolve: (answer: Readonly<Record<string, unknown>>) => void
  readonly reject: (error: Error) => void
}

/**
 * Calls the central system. One call at a time is under way; a call that is not answered before the line breaks fails.
 * Written on a bare WebSocket, so that the other side is not tested against itself.
 */
export async function openLine(
  settings: LineSettings,
  react: (method: string, params: never) => Promise<Reaction>,
  events: { readonly seen?: (frame: SeenFrame) => void; readonly closed?: () => void } = {},
): Promise<StationLine> {
  const { url, stationId, version, password, tls } = settings
  const socket = new WebSocket(`${url}/${encodeURIComponent(stationId)}`, [version], {
    perMessageDeflate: false,
    ...(password === undefined ? {} : { auth: `${stationId}:${password}` }),
    ...(tls?.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls?.certificate === undefined ? {} : { cert: tls.certificate }),
    ...(tls?.key === undefined ? {} : { key: tls.key }),
  })
  const waiting = new Map<string, Waiting>()
  let last: Promise<unknown> = Promise.resolve()

  socket.on('message', (data) => void take(String(data)))
  socket.on('error', () => {})
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
    socket.once('close', (code) => reject(new Error(`The line was closed with ${code}`)))
  })
  socket.once('close', () => {
    for (const { reject } of waiting.values()) reject(new CallError('LineClosed', 'The line was closed'))
    waiting.clear()
    events.closed?.()
  })

  async function take(text: string): Promise<void> {
    const frame = JSON.parse(text) as readonly unknown[]
    events.seen?.({ from: 'central', frame })
    const [kind, id, first, second] = frame as [number, string, never, never]
    if (kind === 3) {
      waiting.get(id)?.resolve(first)
      waiting.delete(id)
    } else if (kind === 4) {
      waiting.get(id)?.reject(new CallError(first, second))
      waiting.delete(id)
    } else if (kind === 2) {
      try {
        const { answer, after } = await react(first, second)
        send([3, id, answer])
        await after?.()
      } catch (error) {
        if (error instanceof CallError && error.code !== 'LineClosed') send([4, id, error.code, error.message, {}])
      }
    }
  }

  function send(frame: readonly unknown[]): void {
    if (socket.readyState !== WebSocket.OPEN) return
    events.seen?.({ from: 'station', frame })
    socket.send(JSON.stringify(frame))
  }

  return {
    get open() {
      return socket.readyState === WebSocket.OPEN
    },
    call(method, params) {
      const answer = last.then(
        () =>
          new Promise<Readonly<Record<string, unknown>>>((resolve, reject) => {
            if (socket.readyState !== WebSocket.OPEN) return reject(new CallError('LineClosed', 'The line is closed'))
            const id = randomUUID()
            waiting.set(id, { resolve, reject })
            send([2, id, method, params])
          }),
      )
      last = answer.catch(() => {})
      return answer
    },
    sendRaw: (text) => socket.send(text),
    close: () =>
      new Promise((resolve) => {
        if (socket.readyState === WebSocket.CLOSED) return resolve()
        socket.once('close', () => resolve())
        socket.close()
      }),
  }
}
