import { onTestFinished } from 'vitest'
import type { FieldReading } from '../../field-protocol.ts'
import { type CentralSystem, createCentralSystem } from '../central/create-central-system.ts'
import { TokenRegister } from '../central/id-tokens.ts'
import type { SecurityProfile } from '../central/listen.ts'
import { createMemoryJournal } from '../central/memory-journal.ts'
import type { OcppJournal, OcppRecord } from '../central/records.ts'
import { createStation, type SimulatedStation } from '../station/create-station.ts'
import type { SeenFrame } from '../station/station-line.ts'
import type { Vehicle } from '../station/vehicle.ts'
import type { OcppVersion } from '../versions.ts'

export const vehicle: Vehicle = { batteryKwh: 60, soc: 0.3, maxCurrentA: 16, phases: 3 }
export const startMs = Date.UTC(2026, 6, 6, 8)

/** A clock that tests move. */
export function movingClock(nowMs = startMs) {
  let now = nowMs
  return {
    now: () => now,
    pass(seconds: number) {
      now += seconds * 1000
    },
  }
}

export interface CentralFixture {
  readonly system: CentralSystem
  readonly clock: ReturnType<typeof movingClock>
  readonly records: OcppRecord[]
  readonly readings: FieldReading[]
  readonly reports: string[]
  readonly tokens: TokenRegister
}

export interface CentralFixtureOptions {
  readonly stations?: readonly string[]
  readonly admit?: 'accepted' | 'pending' | 'rejected'
  readonly security?: SecurityProfile
  readonly tls?: { readonly certificate: string; readonly key: string; readonly stationCa?: string }
  readonly journal?: OcppJournal
  readonly callTimeoutMs?: number
  readonly pingIntervalMs?: number
  readonly take?: (readings: readonly FieldReading[]) => Promise<void>
}

/** A central system on loopback, with tokens for every case. It is closed after the test. */
export async function startCentral(options: CentralFixtureOptions = {}): Promise<CentralFixture> {
  const clock = movingClock()
  const records: OcppRecord[] = []
  const readings: FieldReading[] = []
  const reports: string[] = []
  const tokens = new TokenRegister([
    { id: 'CARD-1', group: 'fleet' },
    { id: 'CARD-2', group: 'fleet' },
    { id: 'CARD-3' },
    { id: 'LATE', expiresMs: startMs - 1000 },
    { id: 'LOST', blocked: true },
    { id: 'ONCE', concurrent: 1 },
  ])
  const system = await createCentralSystem({
    listen: {
      host: '127.0.0.1',
      port: 0,
      security: options.security ?? 0,
      callTimeoutMs: options.callTimeoutMs ?? 5000,
      pingIntervalMs: options.pingIntervalMs ?? 0,
      ...(options.tls ? { tls: options.tls } : {}),
    },
    stations: (options.stations ?? ['CP-1']).map((id) => ({
      id,
      admit: options.admit ?? 'accepted',
      evses: [
        { id: 1, asset: `${id.toLowerCase()}-a` },
        { id: 2, asset: `${id.toLowerCase()}-b` },
      ],
    })),
    passwordFits: (stationId, password) => password.toString() === `secret of ${stationId}`,
    tokens,
    journal: options.journal ?? createMemoryJournal(records),
    clock,
    heartbeatS: 300,
    take:
      options.take ??
      (async (more) => {
        readings.push(...more)
      }),
    report: (error, message) => reports.push(`${message} (${(error as Error).message})`),
  })
  onTestFinished(() => system.close())
  return { system, clock, records, readings, reports, tokens }
}

export interface StationFixture extends CentralFixture {
  readonly station: SimulatedStation
  readonly frames: SeenFrame[]
}

/** A central system with one station that has booted. */
export async function startStation(version: OcppVersion, options: CentralFixtureOptions = {}): Promise<StationFixture> {
  const central = await startCentral(options)
  const frames: SeenFrame[] = []
  const station = createStation({
    url: `ws://127.0.0.1:${central.system.port}`,
    stationId: 'CP-1',
    version,
    clock: central.clock,
    sockets: 1,
    seen: (frame) => frames.push(frame),
  })
  await station.connect()
  onTestFinished(() => station.disconnect())
  await station.boot()
  return { ...central, station, frames }
}

/** Settles as soon as something is so. */
export async function until(holds: () => boolean, what: string, timeoutMs = 5000): Promise<void> {
  const endMs = performance.now() + timeoutMs
  while (!holds()) {
    if (performance.now() > endMs) throw new Error(`It did not come to: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

/** Messages that the station sent. */
export const sent = (frames: readonly SeenFrame[], method: string): readonly Readonly<Record<string, unknown>>[] =>
  calls(frames, 'station', method)

/** Messages that the central system sent. */
export const received = (frames: readonly SeenFrame[], method: string): readonly Readonly<Record<string, unknown>>[] =>
  calls(frames, 'central', method)

const calls = (frames: readonly SeenFrame[], from: SeenFrame['from'], method: string) =>
  frames
    .filter(({ from: side, frame }) => side === from && frame[0] === 2 && frame[2] === method)
    .map(({ frame }) => frame[3] as Readonly<Record<string, unknown>>)

/** Ids of the station's calls that have no CALLRESULT, and of those answered by CALLERROR: both are to be none. */
export function unanswered(frames: readonly SeenFrame[]): string[] {
  const answers = new Set(
    frames.filter(({ from, frame }) => from === 'central' && frame[0] === 3).map(({ frame }) => frame[1]),
  )
  return frames
    .filter(({ from, frame }) => from === 'station' && frame[0] === 2 && !answers.has(frame[1]))
    .map(({ frame }) => String(frame[2]))
}

export const statusesSent = (frames: readonly SeenFrame[]): unknown[] =>
  sent(frames, 'StatusNotification')
    .filter(({ connectorId }) => connectorId !== 0)
    .map(({ status, connectorStatus }) => status ?? connectorStatus)
