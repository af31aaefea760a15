import type { ChargingProfile } from '../profiles/charging-profile.ts'
import type { TokenStatus } from './id-tokens.ts'

/** What a connector is doing, in words of all versions; the index in this list is the value of the point `status`. */
export const connectorStatuses = [
  'available',
  'preparing',
  'charging',
  'suspended-vehicle',
  'suspended-station',
  'finishing',
  'reserved',
  'unavailable',
  'faulted',
  'occupied',
] as const
export type ConnectorStatus = (typeof connectorStatuses)[number]

interface Told {
  readonly stationId: string
  /** When it happened: the station's time where it can be believed, UTC ms. */
  readonly atMs: number
}

export interface BootRecord extends Told {
  readonly kind: 'boot'
  readonly admitted: 'accepted' | 'pending' | 'rejected'
  readonly vendor: string
  readonly model: string
  readonly serial?: string
  readonly firmware?: string
  /** 2.0.1 */
  readonly reason?: string
}

export interface StatusRecord extends Told {
  readonly kind: 'status'
  /** 0: the station itself (1.6). */
  readonly evseId: number
  readonly connectorId: number
  readonly status: ConnectorStatus
  readonly errorCode?: string
  readonly info?: string
}

/** The beginning, a step or the end of a transaction. */
export interface TransactionRecord extends Told {
  readonly kind: 'transaction'
  readonly event: 'started' | 'updated' | 'ended'
  readonly transactionId: string
  readonly evseId: number
  readonly connectorId?: number
  /** 2.0.1; two with one number are one. */
  readonly seqNo?: number
  /** 1.6: what tells a repeated StartTransaction. */
  readonly startKey?: string
  readonly idToken?: string
  readonly tokenStatus?: TokenStatus
  /** Register of imported energy, Wh. */
  readonly meterWh?: number
  readonly chargingState?: string
  readonly reason?: string
  /** An end that the station did not tell: it went on without this transaction. */
  readonly inferred?: true
  readonly offline?: boolean
  readonly reservationId?: number
  readonly remoteStartId?: number
}

export const reservationStates = ['accepted', 'used', 'cancelled', 'expired', 'removed', 'refused'] as const
export type ReservationState = (typeof reservationStates)[number]

export interface ReservationRecord extends Told {
  readonly kind: 'reservation'
  readonly reservationId: number
  readonly state: ReservationState
  readonly evseId?: number
  readonly idToken?: string
  readonly expiresMs?: number
}

export interface ProfileRecord extends Told {
  readonly kind: 'profile'
  readonly evseId: number
  readonly profile: ChargingProfile
  readonly state: 'wanted' | 'accepted' | 'refused' | 'cleared'
}

export interface LocalListRecord extends Told {
  readonly kind: 'local-list'
  readonly version: number
}

/** Whatever else a station told: firmware, diagnostics, security events, limits from outside, reports. */
export interface NoticeRecord extends Told {
  readonly kind: 'notice'
  readonly name: string
  readonly content: unknown
}

/** All that is left of the steps of a transaction that ended long ago. */
export interface SessionRecord extends Told {
  readonly kind: 'session'
  readonly transactionId: string
  readonly evseId: number
  readonly connectorId?: number
  readonly startKey?: string
  readonly idToken?: string
  readonly startedMs: number
  readonly endedMs: number
  readonly startWh?: number
  readonly lastWh?: number
  readonly reason?: string
  readonly inferred?: true
  readonly chargingState?: string
  readonly offline?: true
  readonly remoteStartId?: number
  /** Register of imported energy: UTC ms and Wh in turn. */
  readonly registerWh: readonly number[]
  /** Numbers of its events: first and last of each run. */
  readonly seqNos: readonly (readonly [number, number])[]
}

export type OcppRecord =
  | SessionRecord
  | BootRecord
  | StatusRecord
  | TransactionRecord
  | ReservationRecord
  | ProfileRecord
  | LocalListRecord
  | NoticeRecord

/** Where the central system keeps what it must not forget. */
export interface OcppJournal {
  /** Settles when the records are on the disk. Records of one call stay together, and in their order. */
  append(records: readonly OcppRecord[]): Promise<void>
  /** What all that was ever appended comes to, oldest first. Called once, before the first append. */
  read(): AsyncIterable<OcppRecord>
  close(): Promise<void>
}
