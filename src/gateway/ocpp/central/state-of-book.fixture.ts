import type { StationBook } from './station-book.ts'
import { energyWhOf } from './transaction.ts'

/** All that a book says, in an order of its own. */
export function stateOf(book: StationBook) {
  const byName = <T extends { readonly stationId: string; readonly transactionId: string }>(all: readonly T[]): T[] =>
    all.toSorted((a, b) => (`${a.stationId} ${a.transactionId}` < `${b.stationId} ${b.transactionId}` ? -1 : 1))
  const transactions = byName(book.transactions())
  const stations = [...book.stationIds()].sort()
  return {
    transactions: transactions.map(({ seenSeqNos, ...one }) => ({
      ...one,
      seqNos: [...seenSeqNos].sort((a, b) => a - b),
      again: one.startKey === undefined ? undefined : book.startedWith(one.startKey)?.transactionId,
      energyWh: energyWhOf({ ...one, seenSeqNos }),
    })),
    running: byName(book.running()).map(({ stationId, transactionId }) => `${stationId} ${transactionId}`),
    // A station of which nothing is left is none.
    stations: stations.flatMap((id) => {
      const { boot, statuses, localListVersion, profiles, notices } = book.station(id)
      const sorted = (map: ReadonlyMap<string, unknown>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1))
      const own = {
        ...{ boot, localListVersion, statuses: sorted(statuses), profiles: sorted(profiles) },
        ...{ notices: sorted(notices), reservations: [...book.reservations(id)] },
      }
      return Object.values(own).every((one) => one === undefined || (Array.isArray(one) && one.length === 0))
        ? []
        : [{ id, ...own }]
    }),
    tally: { ...book.tally(), energyKwh: Math.round(book.tally().energyKwh * 1e6) / 1e6 },
    highest: book.highestNumbers(),
  }
}
