import { createServer, type Socket } from 'node:net'
import { parseDuration } from '../../kernel/index.ts'
import type { FieldGateway, FieldTwin, TwinPorts } from '../field-protocol.ts'
import { nmeaPoints } from './nmea-points.ts'
import type { Quantity } from './quantities.ts'
import { writeSentence } from './read-sentence.ts'
import type { NmeaSettings } from './settings.ts'

export interface NmeaTwin extends FieldTwin {
  readonly port: number
}

const burst = 20
const jumpMs = 86_400_000
const knotKmH = 1.852
/** Where the site says nothing of it: a round of this radius about the site, at this speed. */
const radiusM = 1000
const speedKmH = 15
const metresPerDegree = 111_320

/**
 * A vessel or vehicle that sends its position, course, heading, wind and depth over TCP on loopback. What the site
 * does not know of it is a round about the site. Faults: `silent`, `stuck`, `duplicate`, `burst`, `garbage`, `clock-jump` (a day on).
 */
export async function startNmeaTwin(gateway: FieldGateway<NmeaSettings>, ports: TwinPorts): Promise<NmeaTwin> {
  const { points } = nmeaPoints(gateway)
  const { latitude, longitude } = gateway.site.location
  const everyMs = parseDuration(gateway.settings.every ?? '1s')
  const sockets = new Set<Socket>()
  let last: string | undefined

  const measured = (name: Quantity): number | undefined => {
    const point = points.get(name)
    const value = point && ports.read(point.ref)
    return value === undefined || Number.isNaN(value) ? undefined : (value - point!.offset) / point!.scale
  }
  const onRound = (nowMs: number) => {
    const angle = ((nowMs / 3_600_000) * speedKmH * 1000) / radiusM
    const north = radiusM * Math.cos(angle)
    const east = radiusM * Math.sin(angle)
    return {
      latitudeDeg: latitude + north / metresPerDegree,
      longitudeDeg: longitude + east / (metresPerDegree * Math.max(0.01, Math.cos((latitude * Math.PI) / 180))),
      ...{ speedKmH, courseDeg: ((((angle * 180) / Math.PI + 90) % 360) + 360) % 360 },
    }
  }
  const say = (nowMs: number): string => {
    const round = onRound(nowMs)
    const of = (name: keyof ReturnType<typeof onRound>): number => measured(name) ?? round[name]
    const at = new Date(nowMs).toISOString()
    const time = `${at.slice(11, 13)}${at.slice(14, 16)}${at.slice(17, 23)}`
    const date = `${at.slice(8, 10)}${at.slice(5, 7)}${at.slice(2, 4)}`
    const place = `${degrees(of('latitudeDeg'), 2, 'N', 'S')},${degrees(of('longitudeDeg'), 3, 'E', 'W')}`
    const [speed, course] = [of('speedKmH'), of('courseDeg')]
    const optional = (name: Quantity, body: (value: number) => string): readonly string[] => {
      const value = measured(name)
      return value === undefined ? [] : [body(value)]
    }
    return [
      `GNRMC,${time},A,${place},${(speed / knotKmH).toFixed(3)},${course.toFixed(2)},${date},,,A`,
      `GNGGA,${time},${place},1,12,0.8,${(measured('altitudeM') ?? 3).toFixed(2)},M,0.0,M,,`,
      `BDVTG,${course.toFixed(2)},T,,M,${(speed / knotKmH).toFixed(3)},N,${speed.toFixed(3)},K,A`,
      `HEHDT,${(measured('headingDeg') ?? course).toFixed(2)},T`,
      ...optional(
        'windSpeedMPerS',
        (wind) => `WIMWV,${(measured('windAngleDeg') ?? 0).toFixed(1)},R,${wind.toFixed(3)},M,A`,
      ),
      ...optional('depthM', (depth) => `SDDPT,${depth.toFixed(2)},0.0`),
    ]
      .map(writeSentence)
      .join('')
  }
  const send = (socket: Socket): void => {
    const faults = ports.faults()
    if (faults.includes('silent')) return
    const nowMs = ports.clock.now() + (faults.includes('clock-jump') ? jumpMs : 0)
    if (!faults.includes('stuck') || last === undefined) last = say(nowMs)
    if (faults.includes('garbage')) socket.write(garbage(last, () => ports.random.next()))
    else if (faults.includes('burst')) socket.write(last.repeat(burst))
    else socket.write(faults.includes('duplicate') ? last + last : last)
  }
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
    socket.resume()
    send(socket)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(ports.listenPort ?? 0, '127.0.0.1', resolve)
  })
  const timer = setInterval(() => {
    for (const socket of sockets) send(socket)
  }, everyMs)
  const { port } = server.address() as { readonly port: number }
  return {
    ...{ port, settings: { transport: 'tcp', host: '127.0.0.1', port } },
    async stop() {
      clearInterval(timer)
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

/** `4807.03800000,N` */
function degrees(value: number, digits: number, positive: string, negative: string): string {
  const whole = Math.floor(Math.abs(value))
  const minutes = Math.min(59.999_999, (Math.abs(value) - whole) * 60)
  return `${String(whole).padStart(digits, '0')}${minutes.toFixed(6).padStart(9, '0')},${value < 0 ? negative : positive}`
}

/** Noise, and sentences with a letter that flipped. */
function garbage(text: string, next: () => number): Buffer {
  const bytes = Buffer.from(text)
  for (let at = Math.floor(next() * 30); at < bytes.length; at += 1 + Math.floor(next() * 30)) {
    bytes[at]! ^= 1 << Math.floor(next() * 8)
  }
  return next() < 0.5 ? bytes : bytes.subarray(0, bytes.length >> 1)
}
