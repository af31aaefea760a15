import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Frame, Framing } from './framing.ts'

/** What became of a request. */
export type Answer =
  | { readonly kind: 'answer'; readonly pdu: Buffer }
  /** The device refuses; its code. */
  | { readonly kind: 'exception'; readonly code: number }
  | { readonly kind: 'timeout' }
  /** What came is no answer to what was asked. */
  | { readonly kind: 'malformed' }
  | { readonly kind: 'closed' }

export interface LinkCounts {
  readonly requests: number
  /** Frames that came, of whatever kind. */
  readonly frames: number
  /** Frames that could not be understood or that nobody asked for. */
  readonly malformed: number
  /** Answers that came after their time was up. */
  readonly late: number
  /** Last time that a frame came, by the clock of the link. */
  readonly heardMs: number | undefined
}

/** An open connection, over which one request after the other goes to the units behind it. */
export interface ModbusLink {
  /** Sends a request and waits for its answer. One at a time: the next begins when the one before has settled. */
  request(unitId: number, pdu: Buffer, timeoutMs: number): Promise<Answer>
  counts(): LinkCounts
  /** Settles when the connection is gone, with what broke it where something did. */
  readonly closed: Promise<Error | undefined>
  close(): void
}

interface Pending {
  readonly transaction: number
  readonly unitId: number
  readonly code: number
  settle(answer: Answer): void
}

/** Unasked-for bytes are let pass for so long after a request timed out where frames have no number. */
const quietMs = 30

/**
 * Speaks Modbus over an open stream: TCP, RTU in TCP, or a serial line. Frames with another number, unit or function than the
 * request are counted and answer nothing. A stream that cannot be cut into frames any more is closed where frames have numbers;
 * a serial line goes on with the next request.
 *
 * @param silenceMs between an answer and the next request
 */
export function createLink(stream: Duplex, framing: Framing, nowMs: () => number, silenceMs = 0): ModbusLink {
  const framer = framing.framer('answers')
  const closed = Promise.withResolvers<Error | undefined>()
  let pending: Pending | undefined
  let isOpen = true
  let transaction = 0
  let [requests, frames, malformed, late] = [0, 0, 0, 0]
  let heardMs: number | undefined
  let problem: Error | undefined
  let drained: Promise<void> = Promise.resolve()
  let settledAtMs = Number.NEGATIVE_INFINITY
  /** Numbers of requests whose answers may still come. */
  const overdue = new Set<number>()

  const settle = (answer: Answer): void => {
    const one = pending
    pending = undefined
    one?.settle(answer)
  }

  const receive = (frame: Frame): void => {
    heardMs = nowMs()
    frames += 1
    const asked = pending
    if (frame.transaction !== undefined && overdue.delete(frame.transaction)) {
      late += 1
      return
    }
    if (!asked || (frame.transaction !== undefined && frame.transaction !== asked.transaction)) {
      malformed += 1
      return
    }
    const code = frame.pdu[0]!
    if (frame.unitId !== asked.unitId || (code & 0x7f) !== asked.code || (code & 0x80 && frame.pdu.length !== 2)) {
      malformed += 1
      settle({ kind: 'malformed' })
    } else if (code & 0x80) settle({ kind: 'exception', code: frame.pdu[1]! })
    else settle({ kind: 'answer', pdu: frame.pdu })
  }

  stream.on('data', (bytes: Buffer) => {
    const cut = framer.push(bytes)
    for (const frame of cut.frames) receive(frame)
    if (!cut.broken) return
    malformed += 1
    heardMs = nowMs()
    settle({ kind: 'malformed' })
    if (framing.name === 'tcp') stream.destroy()
  })
  stream.on('error', (error) => {
    problem ??= error
  })
  stream.on('close', () => {
    isOpen = false
    settle({ kind: 'closed' })
    closed.resolve(problem)
  })
  // A device that half-closes will answer nothing any more.
  stream.on('end', () => stream.destroy())

  const quiet = async (): Promise<void> => {
    await sleep(quietMs)
    framer.reset()
  }

  return {
    async request(unitId, pdu, timeoutMs) {
      if (framing.name === 'rtu') await drained
      const restMs = settledAtMs + silenceMs - performance.now()
      if (restMs > 0) await sleep(restMs)
      if (!isOpen) return { kind: 'closed' }
      if (pending) throw new Error('A request is under way on this link')
      transaction = (transaction + 1) & 0xffff
      overdue.delete(transaction)
      requests += 1
      const number = transaction
      const { promise, resolve } = Promise.withResolvers<Answer>()
      const timer = setTimeout(() => {
        if (framing.name === 'tcp') {
          if (overdue.size > 1000) overdue.clear()
          overdue.add(number)
        } else drained = quiet()
        settle({ kind: 'timeout' })
      }, timeoutMs)
      pending = {
        ...{ transaction: number, unitId, code: pdu[0]! },
        settle: (answer) => {
          clearTimeout(timer)
          settledAtMs = performance.now()
          if (answer.kind === 'malformed' && framing.name === 'rtu') drained = quiet()
          resolve(answer)
        },
      }
      stream.write(framing.encode(number, unitId, pdu))
      return promise
    },
    counts: () => ({ requests, frames, malformed, late, heardMs }),
    closed: closed.promise,
    close: () => {
      stream.destroy()
    },
  }
}
