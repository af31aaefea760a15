import type { Problem } from '../../kernel/index.ts'

/** What of a batch was not stored, and why. */
export interface Taken {
  readonly stored: number
  readonly refusedCount: number
  readonly refused: readonly Problem[]
}

/** Counters since the start, and what is now: for `/metrics`. */
export interface MqttFigures {
  readonly connected: boolean
  readonly connects: number
  /** Received; those that came again after a break are counted again. */
  readonly messages: number
  /** Of these the broker said that it had sent them before. */
  readonly repeated: number
  /** Acknowledged: what could be stored of them is on the disk. */
  readonly acknowledged: number
  /** Messages of which nothing could be read. */
  readonly badMessages: number
  readonly stored: number
  /** Observations refused, by code of the problem; a message that cannot be read counts as one. */
  readonly refused: Readonly<Record<string, number>>
  /** Tries to store that failed and were made again. */
  readonly failures: number
  readonly inFlight: number
  readonly maxInFlight: number
}
