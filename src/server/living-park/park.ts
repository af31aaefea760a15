import { createPlant, type PlanOutput } from '../../energy/index.ts'
import { type DataPort, quality, type Random, type Site } from '../../kernel/index.ts'
import type { Observation } from '../../store/index.ts'
import { planAt } from './setpoints.ts'
import { readSurroundings, type Surroundings } from './surroundings.ts'

/** Source of every value of a simulated park. */
export const simulatorSource = 'simulator'

/** The physics of one simulated site, following whatever plan it was last given. */
export interface Park {
  follow(plan: PlanOutput): void
  /** Steps to `timestampMs` and returns what meters would say. */
  step(timestampMs: number): readonly Observation[]
  /** Reads the series further ahead when they end within `hours`. */
  lookAhead(timestampMs: number, hours: number): Promise<void>
  /** State of charge by battery id after the last step. */
  stateOfCharge(): Readonly<Record<string, number>>
}

export interface ParkPorts {
  readonly data: DataPort
  readonly random: Random
  /** Unit of `<asset>.<point>`. */
  unitOf(ref: string): string | undefined
}

const horizonHours = 72

export async function createPark(site: Site, fromMs: number, ports: ParkPorts): Promise<Park> {
  const plant = createPlant(site)
  let surroundings: Surroundings = await readSurroundings(site, fromMs, horizonHours, ports)
  let plan: PlanOutput | undefined
  let previousMs = fromMs
  let points: ReadonlyMap<string, number> = new Map()
  return {
    follow(next) {
      plan = next
    },
    step(timestampMs) {
      const offeredKw = surroundings.offeredKw(timestampMs)
      const now = plan && planAt(plan, timestampMs, offeredKw)
      points = plant.step({
        timestampMs,
        stepHours: Math.max(0, timestampMs - previousMs) / 3_600_000,
        offeredKw,
        setpointKw: now?.setpointKw ?? new Map(),
      })
      previousMs = timestampMs
      const observe = (point: string, value: number, unit: string): Observation => ({
        site: site.id,
        point,
        unit,
        timestampMs,
        value: Number.isFinite(value) ? value : Number.NaN,
        quality: Number.isFinite(value) ? quality.estimated : quality.missing,
        source: simulatorSource,
      })
      return [
        ...[...points].map(([ref, value]) => observe(ref, value, ports.unitOf(ref) ?? '1')),
        ...[...(now?.computed ?? [])]
          .filter(([ref]) => !points.has(ref))
          .map(([ref, { value, unit }]) => observe(ref, value, ports.unitOf(ref) ?? unit)),
      ]
    },
    async lookAhead(timestampMs, hours) {
      if (surroundings.endMs - timestampMs > hours * 3_600_000) return
      surroundings = await readSurroundings(site, timestampMs, horizonHours, ports)
    },
    stateOfCharge: () =>
      Object.fromEntries(
        site.assets.flatMap(({ id, kind }) => {
          const soc = points.get(`${id}.soc`)
          // A plan refuses what rounding puts beyond empty or full.
          return kind === 'battery' && soc !== undefined ? [[id, Math.min(1, Math.max(0, soc))]] : []
        }),
      ),
  }
}
