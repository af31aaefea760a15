import { createOutageWalk, type OutageBattery } from './outage-walk.ts'
import { type GeneratorKind, unitStates } from './units.ts'

export interface OutageYear {
  readonly kinds: readonly GeneratorKind[]
  readonly battery?: OutageBattery
  readonly criticalKw: Float64Array
  readonly productionKw: Float64Array
  /** At the start of each hour; NaN: no outage begins there. */
  readonly storedKwh: Float64Array
  readonly outageHours: number
  readonly bins: number
  readonly batteryAvailability: number
  readonly productionAvailability: number
  /** Whether production runs without a battery. */
  readonly productionAlone: boolean
}

export interface OutageStarts {
  /** Hours in which an outage was let begin. */
  readonly starts: Int32Array
  /** `starts.length × outageHours`: probability that all critical load is served up to and with each hour. */
  readonly survival: Float64Array
  /** Expected energy that the longest outage leaves unserved, kWh, one a start. */
  readonly unservedKwh: Float64Array
}

/** Expected energy needs no threshold to be sharp: with this many bins it is right to a ten-thousandth. */
const unservedBins = 25
/** Starts between two pauses. */
const startsPerTurn = 200

interface Case {
  readonly weight: number
  readonly battery?: OutageBattery
  readonly netLoadKw: Float64Array
}

/** What may work and what not when an outage begins, as in REopt: batteries as a whole, production as a whole. */
function casesOf(year: OutageYear): readonly Case[] {
  const { battery, criticalKw, productionKw, batteryAvailability, productionAvailability, productionAlone } = year
  const net = criticalKw.map((value, hour) => value - productionKw[hour]!)
  const hasProduction = productionKw.some((value) => value > 0)
  const works = hasProduction ? productionAvailability : 1
  const stores = battery ? batteryAvailability : 0
  const withBattery = battery ? { battery } : {}
  const all: Case[] = [
    { weight: stores * works, ...withBattery, netLoadKw: net },
    { weight: stores * (1 - works), ...withBattery, netLoadKw: criticalKw },
    { weight: productionAlone ? (1 - stores) * works : 0, netLoadKw: net },
    { weight: (1 - stores) * (productionAlone ? 1 - works : 1), netLoadKw: criticalKw },
  ]
  return all.filter(({ weight }) => weight > 0)
}

/**
 * Lets an outage begin in every hour whose stored energy is known.
 *
 * @param pause lets others have their turn, told how far it is, 0 to 1
 * @throws `energy.bad-outage` for sets that cannot be
 */
export async function walkOutages(year: OutageYear, pause: (share: number) => Promise<void>): Promise<OutageStarts> {
  const { kinds, storedKwh, outageHours, bins } = year
  const starts = Int32Array.from(storedKwh.keys().filter((hour) => !Number.isNaN(storedKwh[hour]!)))
  const survival = new Float64Array(starts.length * outageHours)
  const unservedKwh = new Float64Array(starts.length)
  const row = new Float64Array(outageHours)
  const units = unitStates(kinds, 1)
  const cases = casesOf(year)
  for (const [index, { weight, ...setup }] of cases.entries()) {
    const sharp = createOutageWalk({ ...setup, units, stepHours: 1, bins })
    const rough = createOutageWalk({ ...setup, units, stepHours: 1, bins: Math.min(bins, unservedBins) })
    for (let at = 0; at < starts.length; at += 1) {
      if (at % startsPerTurn === 0) await pause((index + at / starts.length) / cases.length)
      const start = { step: starts[at]!, storedKwh: setup.battery ? storedKwh[starts[at]!]! : 0 }
      sharp.survival(start, row)
      const base = at * outageHours
      for (let hour = 0; hour < outageHours; hour += 1) survival[base + hour]! += weight * row[hour]!
      rough.unserved(start, row)
      for (let hour = 0; hour < outageHours; hour += 1) unservedKwh[at]! += weight * row[hour]!
    }
  }
  return { starts, survival, unservedKwh }
}
