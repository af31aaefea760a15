/** What was left out for slow readers: whole events, or single values in the place of which a newer one waits. */
export type LeftOut = 'event' | 'value'

/** WebSockets that are open. */
export interface SocketFigures {
  readonly open: number
  /** Points that they watch. */
  readonly points: number
  /** Values that wait for slow readers: one a point at most. */
  readonly waiting: number
}

export interface LiveFigures {
  readonly leftOut: Readonly<Record<LeftOut, number>>
  readonly sockets: SocketFigures
  /** WebSockets that the server closed: their reader took nothing, sent too much, or was gone. */
  readonly socketsCut: number
}

/** Counts what becomes of live values. */
export interface LiveCounts {
  leftOut(what: LeftOut, count?: number): void
  socketCut(): void
  /** Has somebody asked who knows sockets. */
  ask(sockets: () => SocketFigures): void
  figures(): LiveFigures
}

export function createLiveCounts(): LiveCounts {
  const leftOut = { event: 0, value: 0 }
  const asked: (() => SocketFigures)[] = []
  let socketsCut = 0
  return {
    leftOut(what, count = 1) {
      leftOut[what] += count
    },
    socketCut() {
      socketsCut += 1
    },
    ask: (sockets) => void asked.push(sockets),
    figures() {
      const sockets = { open: 0, points: 0, waiting: 0 }
      for (const figures of asked) {
        const { open, points, waiting } = figures()
        sockets.open += open
        sockets.points += points
        sockets.waiting += waiting
      }
      return { leftOut: { ...leftOut }, sockets, socketsCut }
    },
  }
}
