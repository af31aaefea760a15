import { createStoredEnergy, type StoredEnergy, type StoreSpec } from './stored-energy.ts'

/** Energy of each hour in whole watt-hours; hours that are left out are NaN in `loadWh`. */
export interface HourlyEnergy {
  readonly loadWh: Float64Array
  /** Clean generation behind the meter, one a plant. */
  readonly onSiteWh: readonly Float64Array[]
  /** Contracted clean generation, one a contract, in the order in which they are used. */
  readonly contractsWh: readonly Float64Array[]
  readonly battery?: StoreSpec & {
    /** What it gave, below zero what it drew. */
    readonly measuredWh?: Float64Array
    /** Without a measurement it shifts within these. */
    readonly capacityWh?: number
    readonly maxChargeWh?: number
    readonly maxDischargeWh?: number
  }
}

/** Where the energy of each hour came from and went, whole watt-hours. NaN in hours that are left out. */
export interface HourlyMatch {
  readonly onSiteWh: Float64Array
  readonly batteryWh: Float64Array
  readonly contractsWh: Float64Array
  readonly unmatchedWh: Float64Array
  readonly importWh: Float64Array
  /** Import that contracts of the hour cover, by the load and into the battery. */
  readonly coveredImportWh: Float64Array
  readonly exportWh: Float64Array
  readonly excessContractsWh: Float64Array
  readonly chargedWh: Float64Array
  readonly chargedCleanWh: Float64Array
  readonly dischargedWh: Float64Array
  readonly dischargedCleanWh: Float64Array
  readonly unexplainedWh: number
  /** What was used of each plant and contract. */
  readonly usedOnSiteWh: Float64Array
  readonly usedContractsWh: Float64Array
  readonly stored: StoredEnergy['state'] | undefined
}

/**
 * Matches load with clean energy hour by hour: on-site generation first, then what the battery gives with the clean share of its
 * store, then contracts for what is imported; what is left of the load is unmatched. An hour never lends to another but through the
 * battery, and what the battery takes is clean only as far as on-site excess and contracts of that hour cover it.
 *
 * In whole watt-hours, so that every balance holds exactly:
 * load = on-site + battery + contracts + unmatched, and generation + discharge + import = load + charge + export.
 *
 * Sources: Google, 24/7 Carbon-Free Energy: Methodologies and Metrics (2021), hourly score; EnergyTag, Granular Certificate Scheme
 * Standard 2 (2024), matching and storage.
 */
export function matchHours({ loadWh, onSiteWh, contractsWh, battery }: HourlyEnergy): HourlyMatch {
  const count = loadWh.length
  const series = (): Float64Array => new Float64Array(count)
  const match = {
    ...{ onSiteWh: series(), batteryWh: series(), contractsWh: series(), unmatchedWh: series() },
    ...{ importWh: series(), coveredImportWh: series(), exportWh: series(), excessContractsWh: series() },
    ...{ chargedWh: series(), chargedCleanWh: series(), dischargedWh: series(), dischargedCleanWh: series() },
  }
  const usedOnSiteWh = new Float64Array(onSiteWh.length)
  const usedContractsWh = new Float64Array(contractsWh.length)
  const store = battery && createStoredEnergy(battery)
  let unexplainedWh = 0
  for (let k = 0; k < count; k += 1) {
    const load = loadWh[k]!
    if (Number.isNaN(load)) {
      for (const values of Object.values(match)) values[k] = Number.NaN
      continue
    }
    const onSite = sumAt(onSiteWh, k)
    const contracted = sumAt(contractsWh, k)
    const fromSite = Math.min(load, onSite)
    const asked = battery && store ? batteryTurn(battery, store, k, load - fromSite, onSite - fromSite, contracted) : 0
    const drawn = Math.max(0, -asked)
    const given = Math.max(0, asked)
    const siteToBattery = Math.min(onSite - fromSite, drawn)
    const batteryToLoad = Math.min(given, load - fromSite)
    const importToLoad = load - fromSite - batteryToLoad
    const importToBattery = drawn - siteToBattery
    const coveredLoad = Math.min(importToLoad, contracted)
    const coveredBattery = Math.min(importToBattery, contracted - coveredLoad)
    const { cleanWh, unexplainedWh: unknown } = store?.discharge(given) ?? { cleanWh: 0, unexplainedWh: 0 }
    store?.charge(drawn, siteToBattery + coveredBattery)
    unexplainedWh += unknown
    // Of what goes to the load and what is exported at once, the load has its part of the clean.
    const cleanToLoad = given === 0 ? 0 : Math.round((cleanWh * batteryToLoad) / given)
    match.onSiteWh[k] = fromSite
    match.batteryWh[k] = cleanToLoad
    match.contractsWh[k] = coveredLoad
    match.unmatchedWh[k] = load - fromSite - cleanToLoad - coveredLoad
    match.importWh[k] = importToLoad + importToBattery
    match.coveredImportWh[k] = coveredLoad + coveredBattery
    match.exportWh[k] = onSite - fromSite - siteToBattery + given - batteryToLoad
    match.excessContractsWh[k] = contracted - coveredLoad - coveredBattery
    match.chargedWh[k] = drawn
    match.chargedCleanWh[k] = siteToBattery + coveredBattery
    match.dischargedWh[k] = given
    match.dischargedCleanWh[k] = cleanWh
    giveOut(onSiteWh, k, fromSite + siteToBattery, usedOnSiteWh)
    giveOut(contractsWh, k, coveredLoad + coveredBattery, usedContractsWh)
  }
  return { ...match, unexplainedWh, usedOnSiteWh, usedContractsWh, stored: store?.state }
}

/** What the battery gives in an hour, below zero what it draws: as measured, or what shifts excess into what is unmatched. */
function batteryTurn(
  {
    measuredWh,
    capacityWh = 0,
    maxChargeWh = 0,
    maxDischargeWh = 0,
    chargeEfficiency,
  }: NonNullable<HourlyEnergy['battery']>,
  store: StoredEnergy,
  k: number,
  open: number,
  excess: number,
  contracted: number,
): number {
  if (measuredWh) return measuredWh[k]!
  const excessContracts = contracted - Math.min(open, contracted)
  const unmatched = open - Math.min(open, contracted)
  if (unmatched > 0) return Math.min(unmatched, maxDischargeWh, store.available())
  const room = Math.floor(Math.max(0, capacityWh - store.state.storedWh) / chargeEfficiency)
  return -Math.min(excess + excessContracts, maxChargeWh, room)
}

function sumAt(all: readonly Float64Array[], k: number): number {
  let sum = 0
  for (const values of all) sum += values[k]!
  return sum
}

/** Notes what was used of an hour on the plants, the first of them first. */
function giveOut(plants: readonly Float64Array[], k: number, used: number, sums: Float64Array): void {
  let left = used
  plants.forEach((values, plant) => {
    const taken = Math.min(left, values[k]!)
    sums[plant]! += taken
    left -= taken
  })
}
