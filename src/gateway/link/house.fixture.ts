import { setTimeout as sleep } from 'node:timers/promises'
import { type Site, seededRandom, systemClock } from '../../kernel/index.ts'
import type { FieldGateway, FieldPorts, FieldReading } from '../field-protocol.ts'

/** A gateway of a site that has the named points, in their units. */
export function playGateway<Settings>(
  settings: Settings,
  units: Readonly<Record<string, string>>,
  own: Partial<Site> = {},
): FieldGateway<Settings> {
  const site: Site = {
    ...{ id: 'park', name: 'Park', zone: 'Europe/Berlin', currency: 'EUR', assets: [], sections: {} },
    location: { latitude: 0, longitude: 0, altitudeM: 0 },
    source: { file: '/nowhere/site.yaml', sha256: '' },
    ...own,
  }
  return { id: 'link', site, settings, unitOf: (ref) => (Object.hasOwn(units, ref) ? units[ref] : undefined) }
}

/** A house that keeps what it gets, once by point and time as the store does. */
export interface PlayedHouse extends FieldPorts {
  readonly readings: FieldReading[]
  readonly reports: string[]
  readonly rows: Map<string, number>
  /** Why it takes nothing now. */
  refusal: Error | undefined
}

export function playHouse(): PlayedHouse {
  const house: PlayedHouse = {
    ...{ readings: [], reports: [], rows: new Map(), refusal: undefined },
    ...{ clock: systemClock, random: seededRandom(7) },
    async take(readings) {
      if (house.refusal) throw house.refusal
      house.readings.push(...readings)
      for (const { ref, timestampMs, value } of readings) house.rows.set(`${ref} ${timestampMs}`, value)
    },
    report(error, message) {
      house.reports.push(`${message}: ${(error as Error).message}`)
    },
  }
  return house
}

export async function until(condition: () => boolean, what: string, mostMs = 10_000): Promise<void> {
  for (const began = performance.now(); !condition(); await sleep(5)) {
    if (performance.now() - began > mostMs) throw new Error(`never: ${what}`)
  }
}
