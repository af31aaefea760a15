import { createServer } from 'node:net'
import type { FieldGateway, FieldTwin, TwinPorts } from '../../field-protocol.ts'
import { powerOf } from '../setpoint-profiles.ts'
import { limitPoint, type OcppSettings } from '../settings.ts'
import { createStation, type SimulatedStation } from './create-station.ts'
import { limitNow } from './profile-store.ts'
import type { Vehicle } from './vehicle.ts'

/** How often the stations of a twin move on, ms of the machine. */
const tickMs = 1000
const vehicle: Vehicle = { batteryKwh: 60, soc: 0.2, maxCurrentA: 32, phases: 3 }

/**
 * Stations that call the door of a gateway on loopback, charge a vehicle each, keep to their profiles and call again when the
 * line is cut. What the physics of the site says an asset draws (`powerKw`) bounds what its vehicle takes.
 */
export async function startOcppTwin({ settings }: FieldGateway<OcppSettings>, ports: TwinPorts): Promise<FieldTwin> {
  const port = settings.port === 0 ? await freePort() : settings.port
  const sites = settings.stations.map((own) => ({
    own,
    station: createStation({
      url: `ws://127.0.0.1:${port}`,
      stationId: own.id,
      version: 'ocpp1.6',
      clock: ports.clock,
      sockets: Math.max(...own.evses.map(({ id }) => id)),
    }),
    lastMs: ports.clock.now(),
    busy: false,
  }))

  async function advance(site: (typeof sites)[number]): Promise<void> {
    if (site.busy) return
    site.busy = true
    try {
      const nowMs = ports.clock.now()
      const stepS = Math.max(0, Math.min(3600, (nowMs - site.lastMs) / 1000))
      site.lastMs = nowMs
      await move(site.station, site.own, stepS, ports)
    } catch {
      // The door is not open yet, or was shut: called again at the next tick.
    } finally {
      site.busy = false
    }
  }

  const timer = setInterval(() => {
    for (const site of sites) void advance(site)
  }, tickMs)
  return {
    settings: { host: '127.0.0.1', port, security: 0 },
    async stop() {
      clearInterval(timer)
      await Promise.all(sites.map(({ station }) => station.disconnect()))
    },
  }
}

async function move(
  station: SimulatedStation,
  own: OcppSettings['stations'][number],
  stepS: number,
  ports: TwinPorts,
): Promise<void> {
  const faults = ports.faults()
  if (faults.includes('silent')) return
  if (!station.connected) {
    await station.connect()
    await station.boot()
  }
  for (const { id, asset } of own.evses) {
    const socket = station.state.sockets[id - 1]
    if (!socket) continue
    if (!socket.vehicle) await station.plugIn(id, vehicle)
    const wiring = { unit: 'A', phases: 3, voltageV: station.state.frame.voltageV } as const
    const wanted = asset === undefined ? undefined : ports.read(`${asset}.powerKw`)
    if (faults.includes('stuck')) continue
    if (faults.includes('counter-reset')) socket.registerWh = 0
    const limitKw = powerOf(limitNow(station.state, id), wiring)
    socket.powerKw = Math.min(limitKw, wanted ?? limitKw)
    socket.currentA = (socket.powerKw * 1000) / (wiring.phases * wiring.voltageV)
    socket.registerWh += (socket.powerKw * 1000 * stepS) / 3600
    if (asset !== undefined) ports.write(`${asset}.${limitPoint}`, limitKw)
  }
  if (faults.includes('garbage')) station.sendRaw('[2,"garbage"')
  const times = faults.includes('burst') ? 50 : faults.includes('duplicate') ? 2 : 1
  for (const { id } of own.evses) {
    for (let count = 0; count < times; count += 1) await station.sendMeterValues(id)
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
