import type { FieldPorts, FieldReading } from '../../field-protocol.ts'
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
/** Then the devices are not read until there is room: what is not read is a gap, what was read is never lost. */
const mostWaiting = 50_000

/** Hands readings over in the order they came, all that wait at once; what is not taken is tried again. */
export function createOutbox({ take, report, random }: FieldPorts, most = mostWaiting): Outbox {
  let waiting: FieldReading[] = []
  let taken = 0
  let closing = false
  let inHand = 0
  let sending: Promise<void> | undefined
  let space = Promise.withResolvers<void>()
  let hurry = Promise.withResolvers<void>()

  const send = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      inHand = batch.length
      for (let failures = 1; ; failures += 1) {
        try {
          await take(batch)
          taken += batch.length
          break
        } catch (error) {
          report(error, 'Readings from Modbus were not taken; they are tried again')
          if (closing) return
          const timer = Promise.withResolvers<void>()
          const wake = setTimeout(timer.resolve, backOffMs(failures, firstWaitMs, longestWaitMs, random))
          await Promise.race([timer.promise, hurry.promise])
          clearTimeout(wake)
        }
      }
      inHand = 0
      space.resolve()
      space = Promise.withResolvers()
    }
  }

  return {
    push(readings) {
      if (readings.length === 0) return
      for (const one of readings) waiting.push(one)
      sending ??= send().finally(() => {
        sending = undefined
      })
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
      hurry = Promise.withResolvers()
    },
  }
}
