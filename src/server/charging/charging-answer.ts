import { energyWhOf, type Transaction } from '../../gateway/index.ts'
import type { FieldLink } from '../field/create-field.ts'
import type { ChargerView, SiteChargingView } from './charger-view.ts'
import type { ChargingAnswer, CircuitAnswer, EvseAnswer, StationAnswer } from './charging-shapes.ts'
import type { CircuitView } from './circuit-view.ts'
import { type StationSystem, systemsOf } from './stations-of-site.ts'

export interface ChargingAnswerParts {
  readonly site: string
  readonly field: { links(): readonly FieldLink[] }
  /** Undefined where the site shares nothing. */
  readonly view: SiteChargingView | undefined
  /** A card as the reader may see it. */
  cardOf(card: string): string
}

/** Charging at a site as it is: what its stations told, and what they are given. */
export function chargingAnswer({ site, field, view, cardOf }: ChargingAnswerParts): ChargingAnswer {
  const chargers = new Map(view?.chargers.map((one) => [`${view.gateway} ${one.stationId}/${one.evseId}`, one]))
  return {
    site,
    mode: view?.mode ?? null,
    meter: view ? { ...view.meter, powerKw: view.meter.powerKw ?? null, atMs: view.meter.atMs ?? null } : null,
    limitKw: view?.limitKw ?? null,
    chargersKw: view?.chargersKw ?? null,
    circuits: (view?.circuits ?? []).map(circuitAnswer),
    doors: field
      .links()
      .filter((link) => link.site === site && link.protocol === 'ocpp')
      .map(({ id, client }) => ({ gateway: id, state: client.figures().state })),
    stations: [...systemsOf(field, site)].flatMap(([gateway, system]) => {
      const running = new Map(system.book.running().map((one) => [`${one.stationId}/${one.evseId}`, one]))
      return system.stations.map((station) =>
        stationAnswer({ gateway, system, station, running, cardOf, viewOf: (id) => chargers.get(`${gateway} ${id}`) }),
      )
    }),
  }
}

interface StationParts {
  readonly gateway: string
  readonly system: StationSystem
  readonly station: StationSystem['stations'][number]
  readonly running: ReadonlyMap<string, Transaction>
  cardOf(card: string): string
  viewOf(id: string): ChargerView | undefined
}

function stationAnswer({ gateway, system, station, running, cardOf, viewOf }: StationParts): StationAnswer {
  const { boot, statuses } = system.book.station(station.id)
  const { connected, version, lastHeardMs } = system.stationFigures(station.id)
  return {
    ...{ id: station.id, gateway, connected, version: version ?? null, lastHeardMs: lastHeardMs ?? null },
    ...{ admitted: boot?.admitted ?? null, bootedMs: boot?.atMs ?? null },
    ...{ vendor: boot?.vendor ?? null, model: boot?.model ?? null, firmware: boot?.firmware ?? null },
    evses: station.evses.map(({ id, asset }): EvseAnswer => {
      const name = `${station.id}/${id}`
      const own = [...statuses.values()].filter(({ evseId }) => evseId === id)
      const newest = own.toSorted((a, b) => b.atMs - a.atMs)[0]
      const transaction = running.get(name)
      const view = viewOf(name)
      // The last turn may have seen somebody who has left since.
      const served = transaction ? view : undefined
      return {
        ...{ id, asset: asset ?? null, status: newest?.status ?? null },
        connectors: own.map(({ connectorId, status, atMs, errorCode = null }) => ({
          ...{ id: connectorId, status, sinceMs: atMs, errorCode },
        })),
        running: transaction ? runningAnswer(transaction, cardOf) : null,
        ...{
          grantKw: view?.grantKw ?? null,
          phases: view ? [...view.phases] : null,
          limit: view?.limit ?? null,
          plannedKw: served?.plannedKw ?? null,
        },
        ...{ energyLeftKwh: served?.energyLeftKwh ?? null, deadlineMs: served?.departureMs ?? null },
        ...{ drawnKw: view?.drawnKw ?? null, askedKw: served?.askedKw ?? null, place: served?.place ?? null },
        ...{ waitsFor: served?.waitsFor ?? null, plannedFromMs: served?.plannedFromMs ?? null },
        why: served?.why ?? null,
      }
    }),
  }
}

const circuitAnswer = ({ id, parent, limitA, grantedA, drawnA, otherA }: CircuitView): CircuitAnswer => ({
  ...{ id, parent: parent ?? null, limitA: [...limitA], grantedA: [...grantedA] },
  ...{ drawnA: drawnA ? [...drawnA] : null, otherA: otherA ? [...otherA] : null },
})

function runningAnswer(transaction: Transaction, cardOf: (card: string) => string): NonNullable<EvseAnswer['running']> {
  const { stationId, transactionId, startedMs, idToken, chargingState } = transaction
  const energyWh = energyWhOf(transaction)
  return {
    ...{ id: `${stationId}/${transactionId}`, sinceMs: startedMs },
    energyKwh: energyWh === undefined ? null : energyWh / 1000,
    card: idToken === undefined ? null : cardOf(idToken),
    chargingState: chargingState ?? null,
  }
}
