import { ocppCommands, ocppErrors } from '../../gateway/index.ts'
import type { CommandsView, SetpointView } from '../commands/view.ts'
import type { FieldLink } from '../field/create-field.ts'
import { type StationSystem, systemsOf } from './stations-of-site.ts'

export interface StationOrderParts {
  readonly site: string
  readonly stationId: string
  readonly field: { links(): readonly FieldLink[] }
}

interface Station {
  readonly system: StationSystem
  readonly station: StationSystem['stations'][number]
}

/** @throws `ocpp.unknown-station` with those that there are */
function stationOf({ site, stationId, field }: StationOrderParts): Station {
  const systems = [...systemsOf(field, site).values()]
  for (const system of systems) {
    const station = system.stations.find(({ id }) => id === stationId)
    if (station) return { system, station }
  }
  throw ocppErrors.unknownStation({
    detail: 'The site has no such charging station, or its door is not open',
    place: { path: 'path.station' },
    found: stationId,
    expected: systems.flatMap(({ stations }) => stations.map(({ id }) => id)).join(', ') || 'no door is open',
  })
}

const heldBack = (detail: string, found: unknown, expected: string) => ocppErrors.heldBack({ detail, found, expected })

/** What a station said, where it agreed. @throws `ocpp.refused` with its own word */
function agreed(stationId: string, status: string): { readonly status: string } {
  if (['Accepted', 'Scheduled', 'Unlocked'].includes(status)) return { status }
  throw ocppErrors.refused({ detail: `${stationId} answered ${status}`, found: status, expected: 'Accepted' })
}

function admitted({ system, station }: Station): void {
  const { boot } = system.book.station(station.id)
  if (boot?.admitted === 'accepted') return
  throw heldBack('The station has not been let in', boot?.admitted ?? 'never booted', 'a station that was accepted')
}

function evseAsked({ station }: Station, evse: number): Station['station']['evses'][number] {
  const found = station.evses.find(({ id }) => id === evse)
  if (found) return found
  throw ocppErrors.unknownStation({
    detail: 'The station has no such EVSE',
    place: { path: 'body.evse' },
    found: evse,
    expected: station.evses.map(({ id }) => id).join(', '),
  })
}

export interface StartOrder {
  readonly evse: number
  readonly card: string
}

/**
 * Starts a session for a card. Not on an EVSE that charges or is out of order, not for a card that may not charge, and not while the site
 * is held, or an interlock holds its chargers at nothing.
 *
 * @param commands what the site is commanded
 */
export async function startSession(
  parts: StationOrderParts,
  { evse, card }: StartOrder,
  commands: Pick<CommandsView, 'hold' | 'setpoints'>,
  ownersOf: (asset: string | undefined) => readonly string[],
): Promise<{ readonly status: string }> {
  const found = stationOf(parts)
  const { system, station } = found
  const { asset } = evseAsked(found, evse)
  if (commands.hold) throw heldBack('The site is held', commands.hold.reason, 'POST … after the hold is released')
  const owners = ownersOf(asset)
  const locked = commands.setpoints.find((setpoint) => holdsAtNothing(setpoint, owners))
  if (locked)
    throw heldBack(`Interlocks hold ${locked.ref} at nothing`, locked.interlocks.join(', '), 'no interlock holds')
  admitted(found)
  if (system.book.running(station.id).some(({ evseId }) => evseId === evse)) {
    throw heldBack('The EVSE charges', evse, 'an EVSE without a session')
  }
  const out = [...system.book.station(station.id).statuses.values()].find(
    ({ evseId, status }) => evseId === evse && (status === 'faulted' || status === 'unavailable'),
  )
  if (out) throw heldBack('The EVSE is out of order', out.errorCode ?? out.status, 'an EVSE in order')
  const { status } = system.tokens.judge(card, system.clock.now(), system.book.runningOf(card))
  if (status !== 'accepted') throw heldBack('The card may not charge', status, 'a card that may')
  const told = await ocppCommands.remoteStart(system, station.id, { evseId: evse, idToken: card })
  return agreed(station.id, told.status)
}

const holdsAtNothing = ({ ref, value, interlocks }: SetpointView, owners: readonly string[]): boolean =>
  owners.includes(ref.slice(0, ref.lastIndexOf('.'))) && interlocks.length > 0 && value !== null && value <= 0

/** @param session `<station>/<transaction>` */
export async function stopSession(parts: StationOrderParts, session: string): Promise<{ readonly status: string }> {
  const { system, station } = stationOf(parts)
  const transactionId = session.startsWith(`${station.id}/`) ? session.slice(station.id.length + 1) : session
  const transaction = system.book.transaction(station.id, transactionId)
  if (!transaction || transaction.endedMs !== undefined) {
    throw ocppErrors.unknownTransaction({
      detail: 'No such session runs at the station',
      place: { path: 'body.session' },
      found: session,
      expected:
        system.book
          .running(station.id)
          .map((one) => `${station.id}/${one.transactionId}`)
          .join(', ') || 'none runs',
    })
  }
  return agreed(station.id, await ocppCommands.remoteStop(system, station.id, transactionId))
}

/** @param whileCharging otherwise a session is stopped first, so that its end is told in order */
export async function unlockConnector(
  parts: StationOrderParts,
  {
    evse,
    connector,
    whileCharging,
  }: { readonly evse: number; readonly connector: number; readonly whileCharging: boolean },
): Promise<{ readonly status: string }> {
  const found = stationOf(parts)
  const { system, station } = found
  evseAsked(found, evse)
  admitted(found)
  if (!whileCharging && system.book.running(station.id).some(({ evseId }) => evseId === evse)) {
    throw heldBack('The EVSE charges', evse, 'stop its session first, or say whileCharging')
  }
  return agreed(station.id, await ocppCommands.unlock(system, station.id, evse, connector))
}

export async function resetStation(
  parts: StationOrderParts,
  { how, whileCharging }: { readonly how: 'hard' | 'soft'; readonly whileCharging: boolean },
): Promise<{ readonly status: string }> {
  const { system, station } = stationOf(parts)
  const running = system.book.running(station.id).length
  if (how === 'hard' && running > 0 && !whileCharging) {
    throw heldBack('The station charges', running, 'a soft reset, or say whileCharging')
  }
  return agreed(station.id, await ocppCommands.reset(system, station.id, how))
}
