import type { FieldPorts, FieldReading } from '../field-protocol.ts'
import { backOffMs } from './back-off.ts'

/** Readings on their way to the house. */
export interface Outbox {
  push(readings: readonly FieldReading[]): void
  /** Settles when there is room again. */
  room(): Promise<void>
  readonly isFull: boolean
  /** Readings that were taken. */
  readonly taken: number
  /** Gives what waits a last try. */
  close(): Promise<void>
}

const firstWaitMs = 250
const longestWaitMs = 30_000
/** Then nothing more is read until there is room: what is not read is a gap, what was read is never lost. */
const mostWaiting = 50_000

/**
 * Hands readings over in the order they came, all that wait at once; what is not taken is tried again.
 *
 * @param name of the link, for the log
 */
export function createOutbox({ take, report, random }: FieldPorts, name: string, most = mostWaiting): Outbox {
  let waiting: FieldReading[] = []
  let inHand = 0
  let taken = 0
  let closing = false
  let sending: Promise<void> | undefined
  let space = Promise.withResolvers<void>()
  const hurry = Promise.withResolvers<void>()

  const handOver = async (batch: readonly FieldReading[]): Promise<void> => {
    for (let failures = 1; ; failures += 1) {
      try {
        await take(batch)
        taken += batch.length
        return
      } catch (error) {
        report(error, `Readings of ${name} were not taken; they are tried again`)
        if (closing) return
        const timer = Promise.withResolvers<void>()
        const wake = setTimeout(timer.resolve, backOffMs(failures, firstWaitMs, longestWaitMs, random))
        await Promise.race([timer.promise, hurry.promise])
        clearTimeout(wake)
      }
    }
  }
  const send = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      inHand = batch.length
      await handOver(batch)
      inHand = 0
      space.resolve()
      space = Promise.withResolvers()
    }
    // In the same breath as the last look at what waits: what is pushed next finds nobody sending.
    sending = undefined
  }

  return {
    push(readings) {
      if (readings.length === 0) return
      for (const one of readings) waiting.push(one)
      sending ??= send()
    },
    room: () => space.promise,
    get isFull() {
      return waiting.length + inHand >= most
    },
    get taken() {
      return taken
    },
    async close() {
      closing = true
      hurry.resolve()
      await sending
    },
  }
}
