import { createPlant, type PlanNow, type PlanOutput, planAt, resumeChanges, safeSetpoints } from '../../energy/index.ts'
import { type DataPort, quality, type Random, type Site } from '../../kernel/index.ts'
import type { Observation } from '../../store/index.ts'
import type { Machines } from './machines.ts'
import { createParkedVehicles, type ParkedVehicles } from './parked-vehicles.ts'
import { readSurroundings, type Surroundings } from './surroundings.ts'

/** Source of every value of a simulated park. */
export const simulatorSource = 'simulator'

/** The physics of one simulated site, following whatever plan it was last given, or what its machines are told. */
export interface Park {
  follow(plan: PlanOutput): void
  /** From now on machines do what they are told and nothing else; a plan only says what its prices are. */
  obey(machines: Machines): void
  /** From now on vehicles draw what their chargers allow, whatever a plan says. */
  readonly vehicles: ParkedVehicles
  plugIn(): void
  /** Steps to `timestampMs` and returns what meters would say. */
  step(timestampMs: number): readonly Observation[]
  /** Reads the series further ahead when they end within `hours`. */
  lookAhead(timestampMs: number, hours: number): Promise<void>
  /** Changes to the site's assets with which a plan begins where the park stands. */
  changes(): Readonly<Record<string, object>>
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
  let began = false
  let machines: Machines | undefined
  let pluggedIn = false
  const vehicles = createParkedVehicles(site)
  /** What assets are told now, and how those that are many share it. */
  const orders = (now: PlanNow | undefined, timestampMs: number) => {
    const setpointKw = machines ? machines.setpointKw(timestampMs) : new Map(now?.setpointKw)
    const partsKw = new Map(machines ? [] : now?.partsKw)
    if (pluggedIn) {
      for (const [id, parts] of vehicles.partsKw()) {
        setpointKw.set(id, -Object.values(parts).reduce((sum, powerKw) => sum + powerKw, 0))
        partsKw.set(id, parts)
      }
    }
    return { setpointKw, partsKw }
  }
  return {
    follow(next) {
      plan = next
    },
    obey(own) {
      machines = own
    },
    plugIn() {
      pluggedIn = true
    },
    vehicles,
    step(timestampMs) {
      const offeredKw = surroundings.offeredKw(timestampMs)
      const now = plan && planAt(plan, timestampMs, offeredKw)
      const felt = surroundings.felt(timestampMs)
      vehicles.seen({ timestampMs, surroundings: felt, plant, points })
      const { setpointKw, partsKw } = orders(now, timestampMs)
      const moment = {
        timestampMs,
        stepHours: Math.max(0, timestampMs - previousMs) / 3_600_000,
        offeredKw,
        surroundings: felt,
        partsKw,
      }
      // In no time nothing happens: who must have an energy would draw nothing.
      if (moment.stepHours > 0 || !began) {
        points = plant.step({ ...moment, ...safeSetpoints(site, plant, moment, setpointKw) })
      }
      vehicles.seen({ timestampMs, surroundings: felt, plant, points })
      previousMs = timestampMs
      began = true
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
        // Points that only a simulation has, such as the power of each vehicle, are not measured.
        ...[...points, ...surroundings.weather(timestampMs)].flatMap(([ref, value]) => {
          const unit = ports.unitOf(ref)
          return unit === undefined ? [] : [observe(ref, value, unit)]
        }),
        ...[...(now?.computed ?? [])]
          .filter(([ref]) => !points.has(ref))
          .map(([ref, { value, unit }]) => observe(ref, value, ports.unitOf(ref) ?? unit)),
      ]
    },
    async lookAhead(timestampMs, hours) {
      if (surroundings.endMs - timestampMs > hours * 3_600_000) return
      surroundings = await readSurroundings(site, timestampMs, horizonHours, ports)
    },
    changes: () => (began ? resumeChanges(site, plant.states) : {}),
  }
}
