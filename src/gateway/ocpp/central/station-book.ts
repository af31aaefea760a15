import type {
  BootRecord,
  OcppRecord,
  ProfileRecord,
  ReservationRecord,
  SessionRecord,
  StatusRecord,
  TransactionRecord,
} from './records.ts'
import { readSession } from './session-record.ts'
import { energyWhOf, type Transaction } from './transaction.ts'

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

/** What all transactions that were ever told of add up to. */
export interface TransactionTally {
  readonly started: number
  readonly ended: number
  /** Taken by vehicles, as registers tell. */
  readonly energyKwh: number
}

/** Profiles of one key replace each other (1.6 §5.16.4, 2.0.1 K01.FR.05). */
export const profileKey = ({ evseId, profile }: Pick<ProfileRecord, 'evseId' | 'profile'>): string =>
  `${evseId} ${profile.purpose} ${profile.stackLevel} ${profile.transactionId ?? ''}`

/** The state of all stations: what their records add up to. Nothing here is changed but by a record. */
export class StationBook {
  readonly #stations = new Map<string, StationState>()
  readonly #transactions = new Map<string, Transaction>()
  readonly #byStartKey = new Map<string, Transaction>()
  /** By station. */
  readonly #running = new Map<string, Set<Transaction>>()
  readonly #counted = new WeakSet<Transaction>()
  readonly #reservations = new Map<number, ReservationRecord>()
  #lastNumber = 0
  #lastReservation = 0
  #ended = 0
  #energyWh = 0

  apply(record: OcppRecord): void {
    const state = this.station(record.stationId)
    switch (record.kind) {
      case 'boot':
        state.boot = record
        for (const transaction of this.#running.get(record.stationId) ?? []) transaction.unsure = true
        return
      case 'status': {
        const key = `${record.evseId}.${record.connectorId}`
        const newest = state.statuses.get(key)
        if (!newest || newest.atMs <= record.atMs) state.statuses.set(key, record)
        return
      }
      case 'transaction':
        this.#countTransaction(record)
        return
      case 'session':
        this.#applySession(record)
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

  #countTransaction(record: TransactionRecord): void {
    const before = this.transaction(record.stationId, record.transactionId)
    const beforeWh = before ? (energyWhOf(before) ?? 0) : 0
    const transaction = this.#applyTransaction(record)
    if (transaction.endedMs !== undefined && !this.#counted.has(transaction)) {
      this.#counted.add(transaction)
      this.#ended += 1
    }
    this.#energyWh += (energyWhOf(transaction) ?? 0) - beforeWh
  }

  #applyTransaction(record: TransactionRecord): Transaction {
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
        inferred: false,
        unsure: false,
        chargingState: undefined,
        offline: record.offline ?? false,
        remoteStartId: record.remoteStartId,
        registerWh: [],
        seenSeqNos: new Set(),
      }
      this.#transactions.set(key, transaction)
      this.#runningAt(record.stationId).add(transaction)
      this.#countNumber(record.transactionId)
    }
    transaction.unsure = false
    if (transaction.inferred && record.event !== 'ended') this.#tellAfterEnd(transaction, record.atMs)
    if (record.startKey) {
      transaction.startKey = record.startKey
      this.#byStartKey.set(record.startKey, transaction)
    }
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
      transaction.inferred = record.inferred ?? false
      this.#runningAt(record.stationId).delete(transaction)
      // Profiles of a transaction end with it.
      const { profiles } = this.station(record.stationId)
      for (const [name, { profile }] of profiles) {
        if (profile.purpose === 'tx' && profile.transactionId === record.transactionId) profiles.delete(name)
      }
    }
    return transaction
  }

  #applySession(record: SessionRecord): void {
    const key = transactionKey(record.stationId, record.transactionId)
    if (this.#transactions.has(key)) return
    const transaction = readSession(record)
    this.#transactions.set(key, transaction)
    if (record.startKey) this.#byStartKey.set(record.startKey, transaction)
    this.#countNumber(record.transactionId)
    this.#counted.add(transaction)
    this.#ended += 1
    this.#energyWh += energyWhOf(transaction) ?? 0
  }

  #countNumber(transactionId: string): void {
    const number = Number(transactionId)
    if (Number.isSafeInteger(number)) this.#lastNumber = Math.max(this.#lastNumber, number)
  }

  /** Something of a transaction whose end was inferred: it goes on after all, unless another one has taken its place. */
  #tellAfterEnd(transaction: Transaction, atMs: number): void {
    if (atMs <= (transaction.endedMs ?? 0)) return
    const own = this.#runningAt(transaction.stationId)
    if ([...own].some(({ evseId }) => evseId === transaction.evseId)) {
      transaction.endedMs = atMs
      return
    }
    transaction.inferred = false
    transaction.endedMs = undefined
    transaction.reason = undefined
    own.add(transaction)
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

  tally(): TransactionTally {
    return { started: this.#transactions.size, ended: this.#ended, energyKwh: this.#energyWh / 1000 }
  }

  /** In the order in which they began to be known. */
  transactions(stationId?: string): readonly Transaction[] {
    return [...this.#transactions.values()].filter((one) => stationId === undefined || one.stationId === stationId)
  }

  running(stationId?: string): readonly Transaction[] {
    if (stationId !== undefined) return [...(this.#running.get(stationId) ?? [])]
    return [...this.#running.values()].flatMap((own) => [...own])
  }

  #runningAt(stationId: string): Set<Transaction> {
    let own = this.#running.get(stationId)
    if (!own) {
      own = new Set()
      this.#running.set(stationId, own)
    }
    return own
  }

  runningOf(idToken: string): number {
    const wanted = idToken.toLowerCase()
    let count = 0
    for (const transactions of this.#running.values()) {
      for (const { idToken: own } of transactions) if (own?.toLowerCase() === wanted) count += 1
    }
    return count
  }

  reservation(reservationId: number): ReservationRecord | undefined {
    return this.#reservations.get(reservationId)
  }

  reservations(stationId: string): readonly ReservationRecord[] {
    return [...this.#reservations.values()].filter((one) => one.stationId === stationId)
  }

  /** Records of all that is neither a transaction nor a boot, as it is now. */
  *others(): Iterable<OcppRecord> {
    for (const [stationId, { statuses, localListVersion, profiles, notices }] of this.#stations) {
      yield* statuses.values()
      yield* profiles.values()
      if (localListVersion !== undefined) yield { kind: 'local-list', stationId, atMs: 0, version: localListVersion }
      for (const [name, { atMs, content }] of notices) yield { kind: 'notice', stationId, atMs, name, content }
    }
    yield* this.#reservations.values()
  }

  stationIds(): Iterable<string> {
    return this.#stations.keys()
  }

  /** The highest numbers that a transaction and a reservation have had. */
  highestNumbers(): { readonly transaction: number; readonly reservation: number } {
    return { transaction: this.#lastNumber, reservation: this.#lastReservation }
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
