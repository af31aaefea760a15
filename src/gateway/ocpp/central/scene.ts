import type { FieldReading } from '../../field-protocol.ts'
import type { TokenRegister } from './id-tokens.ts'
import type { OcppRecord } from './records.ts'
import type { StationBook } from './station-book.ts'

export interface ConfiguredEvse {
  /** 1.6: number of the connector. */
  readonly id: number
  /** Asset of the site whose points its readings are; undefined: they are of no asset. */
  readonly asset?: string
}

/** A station that may call. */
export interface ConfiguredStation {
  readonly id: string
  readonly evses: readonly ConfiguredEvse[]
  /** What a boot is answered with. */
  readonly admit: 'accepted' | 'pending' | 'rejected'
}

/** What a message finds. A handler reads it and changes nothing: what it wants changed is in the {@link Outcome}. */
export interface Scene {
  readonly station: ConfiguredStation
  readonly book: StationBook
  readonly tokens: TokenRegister
  readonly nowMs: number
  readonly heartbeatS: number
  /** Answers data of a vendor; undefined: nobody knows this vendor. */
  readonly dataTransfer?: (request: VendorData) => VendorAnswer | undefined
}

export interface VendorData {
  readonly stationId: string
  readonly vendorId: string
  readonly messageId?: string
  readonly data?: unknown
}

export interface VendorAnswer {
  readonly status: 'Accepted' | 'Rejected' | 'UnknownMessageId' | 'UnknownVendorId'
  readonly data?: string
}

/** What follows from a message: the answer leaves when records and readings are on the disk. */
export interface Outcome {
  readonly answer: Readonly<Record<string, unknown>>
  readonly records?: readonly OcppRecord[]
  readonly readings?: readonly FieldReading[]
  /** For the log. */
  readonly complaint?: string
}

/** Messages have been checked against the schema of their version before a handler sees them. */
export type Handlers = Readonly<Record<string, (params: never, scene: Scene) => Outcome>>

export const assetOf = ({ evses }: ConfiguredStation, evseId: number): string | undefined =>
  evses.find(({ id }) => id === evseId)?.asset

export const isoTime = (timestampMs: number): string => new Date(timestampMs).toISOString()
