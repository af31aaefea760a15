import type { SessionRecord } from './records.ts'
import type { Transaction } from './transaction.ts'

/** A transaction that has ended, as one record. {@link readSession} gets it back as it was. */
export function writeSession(transaction: Transaction & { endedMs: number }): SessionRecord {
  const { stationId, transactionId, evseId, startedMs, endedMs, registerWh, seenSeqNos, offline, inferred } =
    transaction
  const { connectorId, startKey, idToken, startWh, lastWh, reason, chargingState, remoteStartId } = transaction
  return {
    ...{ kind: 'session', stationId, atMs: endedMs, transactionId, evseId, startedMs, endedMs },
    // What is undefined, JSON leaves out.
    ...({ connectorId, startKey, idToken, startWh, lastWh, reason, chargingState, remoteStartId } as object),
    ...(offline ? { offline } : {}),
    ...(inferred ? { inferred } : {}),
    registerWh: registerWh.flatMap(({ atMs, wh }) => [atMs, wh]),
    seqNos: runsOf(seenSeqNos),
  }
}

export function readSession(record: SessionRecord): Transaction {
  const { stationId, transactionId, evseId, startedMs, endedMs, startKey, registerWh } = record
  const { connectorId, idToken, startWh, lastWh, reason, chargingState, remoteStartId } = record
  return {
    ...{ stationId, transactionId, evseId, connectorId, idToken, startedMs, endedMs, startWh, lastWh, reason },
    ...{ inferred: record.inferred ?? false, unsure: false, chargingState, offline: record.offline ?? false },
    ...{ remoteStartId, ...(startKey === undefined ? {} : { startKey }) },
    registerWh: Array.from({ length: registerWh.length / 2 }, (_, index) => ({
      ...{ atMs: registerWh[2 * index]!, wh: registerWh[2 * index + 1]! },
    })),
    seenSeqNos: new Set(
      record.seqNos.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, step) => first + step)),
    ),
  }
}

/** Numbers as runs of neighbours. */
function runsOf(numbers: ReadonlySet<number>): readonly (readonly [number, number])[] {
  const runs: [number, number][] = []
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const last = runs.at(-1)
    if (last && number === last[1] + 1) last[1] = number
    else runs.push([number, number])
  }
  return runs
}
