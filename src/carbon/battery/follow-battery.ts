import { carbonErrors } from '../errors.ts'
import { scaledText } from '../quantity/index.ts'
import {
  carbonDecimals,
  createStoreCarbon,
  energyDecimals,
  intensityDecimals,
  type PoolRule,
  wholeOf,
} from './store-carbon.ts'

/** What a battery charges from. Energies are what leaves the bus, kWh of each step. */
export interface ChargeSource {
  readonly id: string
  readonly chargeKwh: readonly number[]
  /** Carbon of a kWh of each step. */
  readonly kgPerKwh: readonly number[]
  /** Without the battery it would have been fed into the grid, thrown away, or not have been made at all. */
  readonly otherwise: 'exported' | 'curtailed' | 'not-made'
}

/** What a battery did, step by step. */
export interface BatteryFlows {
  readonly stepHours: number
  readonly sources: readonly ChargeSource[]
  /** What reaches the bus, kWh of each step. */
  readonly dischargeKwh: readonly number[]
  readonly chargeEfficiency: number
  readonly dischargeEfficiency: number
  readonly selfDischargePerDay: number
  readonly initialKwh: number
  readonly initialKgPerKwh: number
  /** By how much more than the store holds may be taken in a step, for flows that were rounded: it carries no carbon. */
  readonly toleranceKwh: number
}

/** Exact sums of a battery, in kg, as decimal texts; `inKg + initialKg = outKg + storedKg` to the last digit. */
export interface FollowedBattery {
  readonly initialKg: string
  readonly inKg: string
  readonly outKg: string
  readonly storedKg: string
  readonly chargedKwh: number
  readonly dischargedKwh: number
  readonly storedKwh: number
  /** Energy that went on the way in, in the store and on the way out; its carbon stayed. */
  readonly lostKwh: number
  /** Energy that was taken beyond what the store held, within the tolerance. */
  readonly unmatchedKwh: number
  /** Of what was discharged in a step; `null` where nothing was. */
  readonly dischargeKgPerKwh: readonly (number | null)[]
  /** Of what was charged in a step. */
  readonly chargeKgPerKwh: readonly (number | null)[]
  readonly storedKwhByStep: readonly number[]
}

/**
 * Follows carbon through a battery. Charge brings the carbon of its sources; what is lost on the way, and over time, leaves its carbon with
 * what remains, so that a discharged kWh carries more than a charged one did.
 *
 * @throws `carbon.bad-flows` where more is discharged than the store holds, with the step
 */
export function followBattery(flows: BatteryFlows, rule: PoolRule): FollowedBattery {
  const { stepHours, sources, dischargeKwh, chargeEfficiency, dischargeEfficiency, initialKwh } = flows
  const store = createStoreCarbon(rule)
  const energy = (kwh: number): bigint => wholeOf(kwh, energyDecimals)
  const initial = energy(initialKwh) * wholeOf(flows.initialKgPerKwh, intensityDecimals)
  store.put(energy(initialKwh), initial)
  const kept = (1 - flows.selfDischargePerDay) ** (stepHours / 24)
  const tolerance = energy(flows.toleranceKwh)
  let [carbonIn, carbonOut, lost, unmatched] = [0n, 0n, 0n, 0n]
  const [outRates, inRates, stored]: [(number | null)[], (number | null)[], number[]] = [[], [], []]
  dischargeKwh.forEach((delivered, k) => {
    const idle = store.energy()
    const gone = idle - energy((Number(idle) / 10 ** energyDecimals) * kept)
    store.lose(gone)
    lost += gone > 0n ? gone : 0n
    let [charged, brought] = [0n, 0n]
    for (const { chargeKwh, kgPerKwh } of sources) {
      const own = energy(chargeKwh[k]!)
      if (own === 0n) continue
      charged += own
      const carbon = own * wholeOf(kgPerKwh[k]!, intensityDecimals)
      brought += carbon
      const put = energy(chargeKwh[k]! * chargeEfficiency)
      store.put(put, carbon)
      lost += own - put
    }
    carbonIn += brought
    const wanted = energy(delivered / dischargeEfficiency)
    const held = store.energy()
    if (wanted > held + tolerance) {
      throw carbonErrors.badFlows({
        detail: `Step ${k} takes more out of the store than it holds`,
        place: { path: `dischargeKwh.${k}` },
        found: `${kwhText(wanted)} kWh, losses with them`,
        expected: `${kwhText(held)} kWh at most`,
      })
    }
    const taken = smaller(wanted, held)
    unmatched += wanted - taken
    const carbon = wanted > 0n ? store.take(taken) : 0n
    carbonOut += carbon
    lost += wanted - energy(delivered)
    outRates.push(rate(carbon, energy(delivered)))
    inRates.push(rate(brought, charged))
    stored.push(Number(store.energy()) / 10 ** energyDecimals)
  })
  const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)
  return {
    ...{ initialKg: kgText(initial), inKg: kgText(carbonIn), outKg: kgText(carbonOut) },
    storedKg: kgText(store.carbon()),
    chargedKwh: sources.reduce((sum, { chargeKwh }) => sum + sumOf(chargeKwh), 0),
    dischargedKwh: sumOf(dischargeKwh),
    storedKwh: Number(store.energy()) / 10 ** energyDecimals,
    lostKwh: Number(lost) / 10 ** energyDecimals,
    unmatchedKwh: Number(unmatched) / 10 ** energyDecimals,
    ...{ dischargeKgPerKwh: outRates, chargeKgPerKwh: inRates, storedKwhByStep: stored },
  }
}

/** `Math.min` takes no whole numbers of this kind. */
const smaller = (a: bigint, b: bigint): bigint => [a, b][Number(b < a)]!

/** kg/kWh to 15 decimals. */
const rate = (carbon: bigint, energy: bigint): number | null =>
  energy > 0n ? Number((1000n * carbon + energy / 2n) / energy) / 1e15 : null

/** Exact decimal text of a carbon amount, without zeros at its end. */
export function kgText(carbon: bigint): string {
  const text = scaledText({ digits: carbon, decimals: carbonDecimals })
  return text.replace(/\.?0+$/, '')
}

const kwhText = (energy: bigint): string => String(Number(energy) / 10 ** energyDecimals)

/** Sum of energy times intensity over all steps, in the smallest part of a kg. */
export const carbonOf = (kwh: readonly number[], kgPerKwh: readonly number[]): bigint =>
  kwh.reduce((sum, one, k) => sum + wholeOf(one, energyDecimals) * wholeOf(kgPerKwh[k]!, intensityDecimals), 0n)
