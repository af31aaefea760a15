import { setTimeout as sleep } from 'node:timers/promises'
import { readCommands } from '../../commands/index.ts'
import type { AnyFieldProtocol } from '../../gateway/index.ts'
import { type Clock, type DataPort, type Random, type Site, systemClock, type Vocabulary } from '../../kernel/index.ts'
import { createSiteBook } from '../site-book.ts'
import { type Devices, startDevices } from './devices.ts'
import { createMachines } from './machines.ts'
import { createPark } from './park.ts'
import { chargersOf } from './parked-vehicles.ts'

export interface SimulationParts {
  readonly packs: readonly Vocabulary[]
  readonly protocols: readonly AnyFieldProtocol[]
  readonly data: DataPort
  readonly random: Random
  /** Of this machine: how much time has gone by. */
  monotonicMs?(): number
}

export interface SimulationSettings {
  /** When the simulation begins, UTC ms. */
  readonly fromMs: number
  /** Simulated seconds in a second. */
  readonly speed: number
  /** Port of the first device; the others follow. */
  readonly portBase: number
  /** Simulated time after which it ends by itself, ms. Absent: it goes on. */
  readonly forMs?: number
}

/** The devices of a site, alive on loopback. */
export interface Simulation {
  readonly devices: Devices
  /** Simulated time, UTC ms. */
  now(): number
  /** Newest value of a point, in its unit; undefined where there is none. */
  read(ref: string): number | undefined
  /** Settles when it has ended: by its time, or because it was stopped. @throws what the physics or its data threw */
  readonly ended: Promise<void>
  stop(): Promise<void>
}

/** Between two steps at speed 1, ms of this machine; and the longest step of the physics, simulated ms. */
const beatMs = 1000
const fastBeatMs = 250
const longestStepMs = 60_000
const foreseenHours = 26

/**
 * Plays the devices of a site as endpoints of their protocols, with its physics behind them, and nothing else: no server, no plan.
 * Machines do what they are told over the wire, and else what the site file says is safe; what is not commanded does what it would
 * alone.
 *
 * @throws where a port is taken
 */
export async function simulateSite(
  site: Site,
  parts: SimulationParts,
  settings: SimulationSettings,
): Promise<Simulation> {
  const { packs, protocols, data, random, monotonicMs = () => performance.now() } = parts
  const { fromMs, speed, portBase, forMs = Number.POSITIVE_INFINITY } = settings
  const points = createSiteBook([{ site, simulated: true }], packs).points(site)
  const unitOf = (ref: string): string | undefined => points.get(ref)?.unit
  const park = await createPark(site, fromMs, { data, random, unitOf })
  const { rules } = readCommands(site, { unitOf, isGone: () => false })
  const machines = createMachines(rules ?? { setpoints: [], zone: site.zone })
  park.obey(machines)
  const hasChargers = chargersOf(site).length > 0
  if (hasChargers) park.plugIn()
  const stopping = new AbortController()
  const beganMs = monotonicMs()
  const clock: Clock = { now: () => Math.round(fromMs + (monotonicMs() - beganMs) * speed) }
  let values: ReadonlyMap<string, number> = new Map()
  let atMs = fromMs
  const devices = await startDevices(site, {
    ...{ protocols, random, unitOf, portBase },
    // At the pace of the world devices have its time too: what they stamp is believed, and profiles with times hold.
    clock: speed === 1 ? systemClock : clock,
    ...(hasChargers ? { vehicles: park.vehicles } : {}),
    write: (ref, value) => machines.take(ref, value, clock.now()),
  })
  const advance = (untilMs: number): void => {
    do {
      atMs = Math.min(untilMs, atMs + longestStepMs)
      const observations = park.step(atMs)
      values = new Map([...machines.held(atMs), ...observations.map(({ point, value }) => [point, value] as const)])
    } while (atMs < untilMs)
    devices.show(values)
  }
  const live = async (): Promise<void> => {
    const endMs = fromMs + forMs
    while (!stopping.signal.aborted && atMs < endMs) {
      const nowMs = Math.min(endMs, clock.now())
      advance(nowMs)
      await park.lookAhead(nowMs, foreseenHours)
      const waitMs = speed > 1 ? fastBeatMs : beatMs
      await sleep(Math.min(waitMs, Math.max(0, (endMs - nowMs) / speed)), undefined, { signal: stopping.signal }).catch(
        () => undefined,
      )
    }
  }
  advance(fromMs)
  const ended = live().finally(() => devices.stop())
  ended.catch(() => undefined)
  return {
    devices,
    now: clock.now,
    read: (ref) => values.get(ref),
    ended,
    async stop() {
      stopping.abort()
      await ended
    },
  }
}
