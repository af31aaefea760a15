import type { Socket } from 'node:net'

/** Pings of all lines, by one timer. */
export interface Pings {
  /** From now until the socket closes. */
  watch(socket: Socket): void
  stop(): void
}

interface Watched {
  readonly socket: Socket
  /** Bytes that had come when it was looked at last. */
  bytesRead: number
  pinged: boolean
}

/** A ping of a server: one frame, without payload and without mask (RFC 6455, 5.5.2). Frames of a line are written whole, so it lies between two. */
const pingFrame = Buffer.of(0x89, 0)
/** Looks in one interval; each is at its share of the lines, so that pings of thousands do not go out at once. */
const looks = 60

/**
 * Pings lines on which nothing came for an interval, and cuts those off that stay silent for one more. Whatever comes is an answer. A
 * line that still has something to be written is not written to.
 */
export function createPings(intervalMs: number): Pings {
  const lines = new Set<Watched>()
  let rest = lines.values()
  /** Lines to look at, with the part of one that is left over. */
  let due = 0
  const look = (line: Watched): void => {
    const { socket } = line
    if (socket.bytesRead !== line.bytesRead) {
      line.bytesRead = socket.bytesRead
      line.pinged = false
    } else if (line.pinged) {
      socket.destroy()
    } else {
      line.pinged = true
      if (socket.writable && socket.writableLength === 0) socket.write(pingFrame)
    }
  }
  const turn = (): void => {
    for (due += lines.size / looks; due >= 1; due -= 1) {
      let next = rest.next()
      if (next.done) {
        rest = lines.values()
        next = rest.next()
      }
      if (next.value) look(next.value)
    }
  }
  const timer = intervalMs > 0 ? setInterval(turn, intervalMs / looks).unref() : undefined
  return {
    watch(socket) {
      if (!timer) return
      const line: Watched = { socket, bytesRead: socket.bytesRead, pinged: false }
      lines.add(line)
      socket.once('close', () => lines.delete(line))
    },
    stop: () => clearInterval(timer),
  }
}
