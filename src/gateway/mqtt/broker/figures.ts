/** Counters since the start, and what is now: for `/metrics`. */
export interface BrokerFigures {
  /** Signed in. */
  readonly connections: number
  readonly maxConnections: number
  /** Not yet signed in. */
  readonly strangers: number
  readonly connects: number
  /** Messages published to the broker. */
  readonly messages: number
  readonly acknowledged: number
  readonly badMessages: number
  readonly stored: number
  /** Observations refused, by code of the problem. */
  readonly refused: Readonly<Record<string, number>>
  readonly failures: number
  /** Messages and bytes that wait for the disk. */
  readonly inFlight: number
  readonly waitingBytes: number
  readonly maxWaitingBytes: number
  /** Retained messages that are kept. */
  readonly kept: number
  /** Connections that were cut off or refused, by why. */
  readonly cut: Readonly<Record<CutReason, number>>
}

export const cutReasons = [
  'not-signed-in',
  'too-many',
  'not-allowed',
  'too-large',
  'overloaded',
  'slow-reader',
  'wrong-version',
  'credential-ended',
  'broken',
] as const
export type CutReason = (typeof cutReasons)[number]
