import { setTimeout as sleep } from 'node:timers/promises'
import { type Site, seededRandom, systemClock } from '../../kernel/index.ts'
import type { FieldGateway, FieldPorts, FieldReading, TwinFault, TwinPorts } from '../field-protocol.ts'
import type { ModbusSettings } from './settings.ts'

/** A gateway of a site that has the named points, in their units. */
export function gatewayOf(
  settings: ModbusSettings,
  units: Readonly<Record<string, string>>,
  siteFile = '/nowhere/site.yaml',
): FieldGateway<ModbusSettings> {
  const site: Site = {
    ...{ id: 'park', name: 'Park', zone: 'UTC', currency: 'EUR', assets: [], sections: {} },
    location: { latitude: 0, longitude: 0, altitudeM: 0 },
    source: { file: siteFile, sha256: '' },
  }
  return { id: 'bus', site, settings, unitOf: (ref) => (Object.hasOwn(units, ref) ? units[ref] : undefined) }
}

/** A house that keeps what it gets. */
export interface KeptReadings extends FieldPorts {
  readonly readings: FieldReading[]
  readonly reports: string[]
  of(ref: string): readonly FieldReading[]
  last(ref: string): FieldReading | undefined
}

export function keepReadings(): KeptReadings {
  const readings: FieldReading[] = []
  const reports: string[] = []
  const of = (ref: string): readonly FieldReading[] => readings.filter((one) => one.ref === ref)
  return {
    ...{ readings, reports, of, last: (ref) => of(ref).at(-1) },
    ...{ clock: systemClock, random: seededRandom(7) },
    async take(some) {
      readings.push(...some)
    },
    report(error, message) {
      reports.push(`${message}: ${(error as Error).message}`)
    },
  }
}

/** A site of numbers, with faults on demand. */
export interface PlayedSite extends TwinPorts {
  readonly values: Map<string, number>
  readonly writes: [string, number][]
  readonly on: Set<TwinFault>
}

export function playSite(values: Readonly<Record<string, number>>): PlayedSite {
  const known = new Map(Object.entries(values))
  const writes: [string, number][] = []
  const on = new Set<TwinFault>()
  return {
    ...{ values: known, writes, on, clock: systemClock, random: seededRandom(11) },
    read: (ref) => known.get(ref),
    write: (ref, value) => void writes.push([ref, value]),
    faults: () => [...on],
  }
}

export async function until(condition: () => boolean, what: string, mostMs = 10_000): Promise<void> {
  for (const began = performance.now(); !condition(); await sleep(5)) {
    if (performance.now() - began > mostMs) throw new Error(`never: ${what}`)
  }
}

/** What a test opened, in the order it is closed again. */
export function openThings(): {
  readonly add: <T extends { stop(): Promise<unknown> }>(one: T) => T
  close(): Promise<void>
} {
  const open: { stop(): Promise<unknown> }[] = []
  return {
    add: (one) => {
      open.push(one)
      return one
    },
    async close() {
      for (const one of open.splice(0).reverse()) await one.stop()
    },
  }
}
