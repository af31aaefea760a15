import type { WebSocket } from 'ws'
import type { Caller } from '../caller.ts'
import type { SocketFigures } from '../live-counts.ts'
import type { ServerParts } from '../server-parts.ts'
import { type Connection, closeCodes, createConnection } from './connection.ts'

/** The open WebSockets of one server. */
export interface LiveSockets {
  /** @param caller the caller as it was seen last */
  open(socket: WebSocket, caller: () => Caller): void
  figures(): SocketFigures
  /** One turn of {@link heartbeatMs}: peers that did not answer the ping of the turn before are dropped. */
  beat(): void
}

/** Peers that are gone are found after two of these; proxies cut connections that are silent for a minute. */
const heartbeatMs = 15_000

interface Peer {
  readonly socket: WebSocket
  readonly connection: Connection
  alive: boolean
}

export const whoOf = ({ principal }: Caller): string => `${principal.kind} ${principal.user ?? principal.id}`

export function createLiveSockets(parts: ServerParts): LiveSockets {
  const peers = new Set<Peer>()
  const beat = (): void => {
    for (const peer of peers) {
      if (!peer.alive) {
        parts.liveCounts.socketCut()
        peer.socket.terminate()
        continue
      }
      peer.alive = false
      peer.socket.ping()
      peer.connection.recheck().catch((error: unknown) => parts.report(error, 'a live connection was not checked'))
    }
  }
  const timer = setInterval(beat, heartbeatMs).unref()
  parts.stopping.addEventListener('abort', () => {
    clearInterval(timer)
    for (const { socket } of peers) socket.close(closeCodes.goingAway, 'The server stops')
  })
  const figures = (): SocketFigures => {
    let [points, waiting] = [0, 0]
    for (const { connection } of peers) {
      const own = connection.figures()
      points += own.points
      waiting += own.waiting
    }
    return { open: peers.size, points, waiting }
  }
  parts.liveCounts.ask(figures)
  return {
    beat,
    figures,
    open(socket, caller) {
      let leave: () => void
      try {
        leave = parts.streams.enter(whoOf(caller()))
      } catch {
        socket.close(closeCodes.tryLater, 'Too many streams are open')
        return
      }
      const close = (code: number, reason: string): void => {
        if (code === closeCodes.refused) parts.liveCounts.socketCut()
        socket.close(code, reason)
        // A reader that takes nothing does not take the end either.
        setTimeout(() => socket.terminate(), 1000).unref()
      }
      const sink = {
        get bufferedAmount() {
          return socket.bufferedAmount
        },
        send: (text: string, done: (error?: Error) => void) => socket.send(text, done),
      }
      const peer: Peer = { socket, connection: createConnection(parts, { sink, caller, close }), alive: true }
      peers.add(peer)
      socket.on('pong', () => {
        peer.alive = true
      })
      socket.on('message', (data: Buffer, isBinary: boolean) => {
        peer.alive = true
        peer.connection.receive(isBinary ? undefined : data.toString('utf8'))
      })
      socket.once('close', () => {
        peers.delete(peer)
        peer.connection.end()
        leave()
      })
      if (parts.stopping.aborted) close(closeCodes.goingAway, 'The server stops')
    },
  }
}
