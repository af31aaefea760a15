import type { TwinPorts, TwinVehicle, TwinVehicles } from '../../field-protocol.ts'
import { powerOf } from '../setpoint-profiles.ts'
import { limitPoint, mostKwOf, type OcppStationSettings } from '../settings.ts'
import type { SimulatedStation } from './create-station.ts'
import { limitNow } from './profile-store.ts'
import type { Socket } from './station-state.ts'
import { leastCurrentA, type Vehicle } from './vehicle.ts'

/** A simulated station of a gateway, with what stands in the site file of it. */
export interface TwinStation {
  readonly own: OcppStationSettings
  readonly station: SimulatedStation
  /** By socket: when its meter was told last, and when a card was shown last. */
  readonly toldMs: Map<number, number>
  readonly shownMs: Map<number, number>
}

/** What a twin needs to know of its surroundings. */
export type MovePorts = Pick<TwinPorts, 'clock' | 'read' | 'write' | 'faults'>

const wiring = { unit: 'A', phases: 3, voltageV: 230 } as const
/** Between two meter values of a vehicle that charges. */
const meterMs = 15_000
/** Before a card that was not taken is shown again. */
const showMs = 20_000
/** A charging session needs this little to be over, kWh. */
const enoughKwh = 0.005

/** What a socket may give now, kW; below the least current of a vehicle nothing. */
export function allowedKw(station: SimulatedStation, evseId: number): number {
  const { limitA, phases } = limitNow(station.state, evseId)
  return limitA < leastCurrentA ? 0 : powerOf(limitA, { ...wiring, phases })
}

function drawn(socket: Socket, powerKw: number, stepS: number): void {
  socket.powerKw = powerKw
  socket.currentA = (powerKw * 1000) / (wiring.phases * wiring.voltageV)
  socket.registerWh += (powerKw * 1000 * stepS) / 3600
}

const plain: Vehicle = { batteryKwh: 60, soc: 0.2, maxCurrentA: 32, phases: 3 }

/** A vehicle that charges for ever: what the asset of the socket draws (`powerKw`) bounds what it takes. */
export async function moveWithoutVehicles(
  { own, station }: TwinStation,
  stepS: number,
  ports: MovePorts,
): Promise<void> {
  const faults = ports.faults()
  for (const { id, asset } of own.evses) {
    const socket = station.state.sockets[id - 1]
    if (!socket) continue
    if (!socket.vehicle) await station.plugIn(id, plain)
    const wanted = asset === undefined ? undefined : ports.read(`${asset}.powerKw`)
    if (faults.includes('stuck')) continue
    if (faults.includes('counter-reset')) socket.registerWh = 0
    const { limitA, phases } = limitNow(station.state, id)
    const limitKw = powerOf(limitA, { ...wiring, phases })
    drawn(socket, Math.min(limitKw, wanted ?? limitKw), stepS)
    if (asset !== undefined) ports.write(`${asset}.${limitPoint}`, limitKw)
  }
  if (faults.includes('garbage')) station.sendRaw('[2,"garbage"')
  const times = faults.includes('burst') ? 50 : faults.includes('duplicate') ? 2 : 1
  for (const { id } of own.evses) {
    for (let count = 0; count < times; count += 1) await station.sendMeterValues(id)
  }
}

/**
 * Vehicles of the site at the sockets of all stations: each is plugged in where one is free that gives what it takes, shows the card of
 * its name, charges within the limit of its socket, and leaves. Limits hold while a line is cut; what happened meanwhile is told later.
 */
export async function moveVehicles(
  stations: readonly TwinStation[],
  vehicles: TwinVehicles,
  stepS: number,
  ports: MovePorts,
): Promise<void> {
  const there = new Map(vehicles.there().map((vehicle) => [vehicle.id, vehicle]))
  const placed = new Set<string>()
  const faults = ports.faults()
  for (const { station } of stations) {
    for (const socket of station.state.sockets) {
      const id = socket.vehicle?.name
      if (id === undefined) continue
      if (there.has(id)) placed.add(id)
      else await station.unplug(socket.id)
    }
  }
  for (const vehicle of there.values()) {
    const place = placed.has(vehicle.id) ? undefined : placeFor(stations, vehicle)
    if (!place) continue
    place.shownMs.delete(place.evseId)
    await place.station.plugIn(place.evseId, { ...plain, name: vehicle.id })
  }
  for (const one of stations) {
    for (const socket of one.station.state.sockets) {
      const vehicle = there.get(socket.vehicle?.name ?? '')
      if (vehicle) await charge(one, socket, { vehicle, vehicles, stepS, ports })
    }
    if (faults.includes('garbage') && one.station.connected) one.station.sendRaw('[2,"garbage"')
  }
}

interface Charging {
  readonly vehicle: TwinVehicle
  readonly vehicles: TwinVehicles
  readonly stepS: number
  readonly ports: MovePorts
}

async function charge(one: TwinStation, socket: Socket, parts: Charging): Promise<void> {
  const { own, station, toldMs, shownMs } = one
  const { vehicle, vehicles, stepS, ports } = parts
  const nowMs = ports.clock.now()
  const isDue = (last: ReadonlyMap<number, number>, everyMs: number): boolean =>
    Math.abs(nowMs - (last.get(socket.id) ?? Number.NEGATIVE_INFINITY)) >= everyMs
  if (!socket.transaction && station.connected && isDue(shownMs, showMs)) {
    shownMs.set(socket.id, nowMs)
    await station.showToken(socket.id, vehicle.id).catch(() => false)
  }
  const limitKw = socket.transaction ? Math.min(allowedKw(station, socket.id), mostKwOf(own, socket.id)) : 0
  vehicles.limit(vehicle.id, limitKw)
  const asset = own.evses.find(({ id }) => id === socket.id)?.asset
  if (asset !== undefined) ports.write(`${asset}.${limitPoint}`, limitKw)
  const faults = ports.faults()
  if (faults.includes('counter-reset')) socket.registerWh = 0
  if (!faults.includes('stuck')) drawn(socket, socket.transaction ? Math.min(vehicle.powerKw, limitKw) : 0, stepS)
  if (!socket.transaction) return
  const status = limitKw === 0 ? 'SuspendedEVSE' : vehicle.needKwh < enoughKwh ? 'SuspendedEV' : 'Charging'
  if (socket.status !== status) await station.setStatus(socket.id, status)
  if (!isDue(toldMs, faults.includes('burst') ? 0 : meterMs)) return
  toldMs.set(socket.id, nowMs)
  await station.sendMeterValues(socket.id)
  if (faults.includes('duplicate')) await station.sendMeterValues(socket.id)
}

/** A free socket of the asset of the vehicle; else the weakest that gives what it takes; else the strongest. */
function placeFor(
  stations: readonly TwinStation[],
  { asset, maxKw }: TwinVehicle,
): (TwinStation & { readonly evseId: number }) | undefined {
  const free = stations.flatMap((one) =>
    one.own.evses.flatMap(({ id, asset: owner }) => {
      const socket = one.station.state.sockets[id - 1]
      return socket && !socket.vehicle ? [{ ...one, evseId: id, owner, mostKw: mostKwOf(one.own, id) }] : []
    }),
  )
  const byPower = free.toSorted((a, b) => a.mostKw - b.mostKw)
  return (
    byPower.find(({ owner }) => owner === asset) ??
    byPower.find(({ mostKw }) => mostKw >= maxKw - 0.1) ??
    byPower.at(-1)
  )
}
