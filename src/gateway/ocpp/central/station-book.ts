import type {
  BootRecord,
  OcppRecord,
  ProfileRecord,
  ReservationRecord,
  StatusRecord,
  TransactionRecord,
} from './records.ts'

/** A transaction as its records add up. */
export interface Transaction {
  readonly stationId: string
  readonly transactionId: string
  evseId: number
  connectorId: number | undefined
  idToken: string | undefined
  startedMs: number
  endedMs: number | undefined
  startWh: number | undefined
  /** Newest register value. */
  lastWh: number | undefined
  reason: string | undefined
  chargingState: string | undefined
  /** The station was offline when it began. */
  offline: boolean
  remoteStartId: number | undefined
  /** Register of imported energy at the times it was told: UTC ms and Wh, in turn. */
  readonly registerWh: { readonly atMs: number; readonly wh: number }[]
  readonly seenSeqNos: Set<number>
}

export interface StationState {
  boot: BootRecord | undefined
  /** Newest status by connector: `<evse>.<connector>`. */
  readonly statuses: Map<string, StatusRecord>
  localListVersion: number | undefined
  /** By {@link profileKey}. */
  readonly profiles: Map<string, ProfileRecord>
  /** Newest notice by name, with its moment. */
  readonly notices: Map<string, { readonly atMs: number; readonly content: unknown }>
}

/** Profiles of one key replace each other (1.6 §5.16.4, 2.0.1 K01.FR.05). */
export const profileKey = ({ evseId, profile }: Pick<ProfileRecord, 'evseId' | 'profile'>): string =>
  `${evseId} ${profile.purpose} ${profile.stackLevel} ${profile.transactionId ?? ''}`

/** The state of all stations: what their records add up to. Nothing here is changed but by a record. */
export class StationBook {
  readonly #stations = new Map<string, StationState>()
  readonly #transactions = new Map<string, Transaction>()
  readonly #byStartKey = new Map<string, Transaction>()
  readonly #running = new Map<string, Transaction>()
  readonly #reservations = new Map<number, ReservationRecord>()
  #lastNumber = 0
  #lastReservation = 0

  apply(record: OcppRecord): void {
    const state = this.station(record.stationId)
    switch (record.kind) {
      case 'boot':
        state.boot = record
        return
      case 'status': {
        const key = `${record.evseId}.${record.connectorId}`
        const newest = state.statuses.get(key)
        if (!newest || newest.atMs <= record.atMs) state.statuses.set(key, record)
        return
      }
      case 'transaction':
        this.#applyTransaction(record)
        return
      case 'reservation': {
        const known = this.#reservations.get(record.reservationId)
        this.#reservations.set(record.reservationId, { ...known, ...record })
        this.#lastReservation = Math.max(this.#lastReservation, record.reservationId)
        return
      }
      case 'profile':
        if (record.state === 'cleared' || record.state === 'refused') state.profiles.delete(profileKey(record))
        else state.profiles.set(profileKey(record), record)
        return
      case 'local-list':
        state.localListVersion = record.version
        return
      case 'notice':
        state.notices.set(record.name, { atMs: record.atMs, content: record.content })
    }
  }

  #applyTransaction(record: TransactionRecord): void {
    const key = transactionKey(record.stationId, record.transactionId)
    let transaction = this.#transactions.get(key)
    if (!transaction) {
      transaction = {
        stationId: record.stationId,
        transactionId: record.transactionId,
        evseId: record.evseId,
        connectorId: record.connectorId,
        idToken: record.idToken,
        startedMs: record.atMs,
        endedMs: undefined,
        startWh: record.event === 'started' ? record.meterWh : undefined,
        lastWh: undefined,
        reason: undefined,
        chargingState: undefined,
        offline: record.offline ?? false,
        remoteStartId: record.remoteStartId,
        registerWh: [],
        seenSeqNos: new Set(),
      }
      this.#transactions.set(key, transaction)
      this.#running.set(key, transaction)
      const number = Number(record.transactionId)
      if (Number.isSafeInteger(number)) this.#lastNumber = Math.max(this.#lastNumber, number)
    }
    if (record.startKey) this.#byStartKey.set(record.startKey, transaction)
    if (record.seqNo !== undefined) transaction.seenSeqNos.add(record.seqNo)
    if (record.evseId !== 0) transaction.evseId = record.evseId
    transaction.connectorId ??= record.connectorId
    transaction.idToken ??= record.idToken
    transaction.remoteStartId ??= record.remoteStartId
    transaction.chargingState = record.chargingState ?? transaction.chargingState
    if (record.event === 'started') transaction.startedMs = Math.min(transaction.startedMs, record.atMs)
    if (record.meterWh !== undefined) {
      transaction.registerWh.push({ atMs: record.atMs, wh: record.meterWh })
      if (record.event === 'started') transaction.startWh = record.meterWh
      transaction.lastWh = Math.max(transaction.lastWh ?? record.meterWh, record.meterWh)
    }
    if (record.event === 'ended') {
      transaction.endedMs = record.atMs
      transaction.reason = record.reason ?? transaction.reason
      this.#running.delete(key)
      // Profiles of a transaction end with it.
      const { profiles } = this.station(record.stationId)
      for (const [name, { profile }] of profiles) {
        if (profile.purpose === 'tx' && profile.transactionId === record.transactionId) profiles.delete(name)
      }
    }
  }

  station(stationId: string): StationState {
    let state = this.#stations.get(stationId)
    if (!state) {
      state = {
        boot: undefined,
        statuses: new Map(),
        localListVersion: undefined,
        profiles: new Map(),
        notices: new Map(),
      }
      this.#stations.set(stationId, state)
    }
    return state
  }

  transaction(stationId: string, transactionId: string): Transaction | undefined {
    return this.#transactions.get(transactionKey(stationId, transactionId))
  }

  startedWith(startKey: string): Transaction | undefined {
    return this.#byStartKey.get(startKey)
  }

  /** In the order in which they began to be known. */
  transactions(stationId?: string): readonly Transaction[] {
    return [...this.#transactions.values()].filter((one) => stationId === undefined || one.stationId === stationId)
  }

  running(stationId?: string): readonly Transaction[] {
    return [...this.#running.values()].filter((one) => stationId === undefined || one.stationId === stationId)
  }

  runningOf(idToken: string): number {
    const wanted = idToken.toLowerCase()
    let count = 0
    for (const { idToken: own } of this.#running.values()) if (own?.toLowerCase() === wanted) count += 1
    return count
  }

  reservation(reservationId: number): ReservationRecord | undefined {
    return this.#reservations.get(reservationId)
  }

  reservations(stationId: string): readonly ReservationRecord[] {
    return [...this.#reservations.values()].filter((one) => one.stationId === stationId)
  }

  /** A number that no transaction has had. */
  newTransactionNumber(): number {
    this.#lastNumber += 1
    return this.#lastNumber
  }

  newReservationNumber(): number {
    this.#lastReservation += 1
    return this.#lastReservation
  }
}

const transactionKey = (stationId: string, transactionId: string): string => `${stationId} ${transactionId}`
