import { createServer } from 'node:net'
import type { FieldGateway, FieldTwin, TwinPorts } from '../../field-protocol.ts'
import { mostKwOf, type OcppSettings } from '../settings.ts'
import { createStation } from './create-station.ts'
import { moveVehicles, moveWithoutVehicles, type TwinStation } from './move-station.ts'

/** How often the stations of a twin move on, ms of the machine. */
const tickMs = 1000
/** A station that did not get in tries again after this long, ms of the machine. */
const retryMs = 2000

/**
 * Stations that call the door of a gateway on loopback, keep to their profiles and call again when the line is cut. Where the physics of
 * the site knows vehicles they come and go at the sockets with transactions of their own; else each socket has one that charges for
 * ever. Faults: `silent` cuts the line and goes on charging, `stuck` tells what it told before, `counter-reset` lets the register begin
 * at 0, `duplicate` and `burst` tell more often, `garbage` sends what is none. `clock-jump` changes nothing.
 */
export async function startOcppTwin({ settings }: FieldGateway<OcppSettings>, ports: TwinPorts): Promise<FieldTwin> {
  // In another process the door stands where the site file says; in this one it opens where the twin says.
  const port = ports.listenPort === undefined ? await freePort() : settings.port
  const host = ports.listenPort === undefined ? '127.0.0.1' : (settings.host ?? '127.0.0.1')
  const stations: readonly (TwinStation & { triedMs: number })[] = settings.stations.map((own) => ({
    own,
    station: createStation({
      url: `ws://${host}:${port}`,
      stationId: own.id,
      version: 'ocpp1.6',
      clock: ports.clock,
      sockets: Math.max(...own.evses.map(({ id }) => id)),
      mostKw: Math.max(...own.evses.map(({ id }) => mostKwOf(own, id))),
    }),
    toldMs: new Map(),
    shownMs: new Map(),
    triedMs: Number.NEGATIVE_INFINITY,
  }))
  let lastMs = ports.clock.now()
  let moving: Promise<void> | undefined

  async function connect(one: (typeof stations)[number]): Promise<void> {
    const { station } = one
    if (ports.faults().includes('silent')) {
      if (station.connected) await station.disconnect()
      return
    }
    if (station.connected || performance.now() - one.triedMs < (ports.vehicles ? retryMs : tickMs / 2)) return
    one.triedMs = performance.now()
    try {
      await station.connect()
      await station.boot()
      // What was done while the line was cut.
      await station.settled()
      // And how it is now.
      one.toldMs.clear()
    } catch {
      // The door is not open yet, or was shut: called again later.
    }
  }

  async function move(): Promise<void> {
    const nowMs = ports.clock.now()
    const stepS = Math.max(0, Math.min(3600, (nowMs - lastMs) / 1000))
    lastMs = nowMs
    await Promise.all(stations.map(connect))
    if (ports.vehicles) return moveVehicles(stations, ports.vehicles, stepS, ports)
    const reachable = stations.filter(({ station }) => station.connected)
    await Promise.all(reachable.map((one) => moveWithoutVehicles(one, stepS, ports)))
  }

  const timer = setInterval(() => {
    // A line that breaks in the middle of a message: the next turn goes on.
    moving ??= move()
      .catch(() => undefined)
      .finally(() => {
        moving = undefined
      })
  }, tickMs)
  return {
    settings: { host, port, security: 0 },
    async stop() {
      clearInterval(timer)
      await Promise.all(stations.map(({ station }) => station.disconnect()))
      await moving
    },
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })
}
