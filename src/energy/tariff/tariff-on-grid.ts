import { type DataPort, MangroveError, type Problem, type Site, type StepGrid } from '../../kernel/index.ts'
import type { Tariff } from '../schema/index.ts'
import { type Calendar, createCalendar } from './calendar.ts'
import { tariffProblems } from './check-tariff.ts'
import { type DemandWindow, demandWindows } from './demand.ts'
import { type NettingWindow, nettingWindows } from './netting.ts'
import { nettedPriceOfSteps, priceOfSteps, type SidePrices, saysPrice, sidePrices } from './prices.ts'
import { type TierWindow, tierWindows } from './tiers.ts'

/**
 * A tariff evaluated on the steps of a grid. Currency per kWh and kgCO2e per kWh. Plans decide on it, bills are printed
 * from it: both read the same prices and windows.
 */
export interface TariffOnGrid {
  /** What one more imported kWh costs, with surcharges and taxes, without tiers. */
  readonly importPrice: Float64Array
  /** What one more exported kWh earns; with net metering also what it spares. */
  readonly exportPrice: Float64Array
  /** kgCO2e per kWh imported; NaN never: missing is an error where it is used. */
  readonly carbonIntensity: Float64Array
  readonly carbonPricePerKg: number
  readonly demand: readonly DemandWindow[]
  readonly tiers: readonly TierWindow[]
  readonly netting: readonly NettingWindow[]
  /** 1 + all taxes: what windows cost is before taxes, `importPrice` is with them. */
  readonly taxFactor: number
  /** Name of the time-of-use period of each step; empty where there is none. */
  readonly periodNames: readonly string[]
  /** What a bill prints line by line; absent on an island. */
  readonly parts?: TariffParts
}

export interface TariffParts {
  readonly tariff: Tariff
  readonly calendar: Calendar
  readonly import: SidePrices
  readonly export: SidePrices
  readonly surchargePerKwh: number
}

export interface TariffOptions {
  /**
   * Whether what the site file says of this month until now (`peakSoFarKw`, `usedSoFarKwh`, `soFar`) holds at the start of
   * the grid. Default true, as for a plan; a bill has the month's meter instead.
   */
  readonly soFar?: boolean
  /** Begin of what is billed; months of the grid before it are there to be looked back to. Default: the grid's start. */
  readonly billedFromMs?: number
}

/** What an islanded site pays: there is nothing to import, so nothing of the tariff is read. */
const islanded = (grid: StepGrid, tariff: Tariff | undefined): TariffOnGrid => ({
  importPrice: new Float64Array(grid.count),
  exportPrice: new Float64Array(grid.count),
  carbonIntensity: new Float64Array(grid.count),
  carbonPricePerKg: tariff?.carbonPricePerKg ?? 0,
  demand: [],
  tiers: [],
  netting: [],
  taxFactor: 1,
  periodNames: Array.from({ length: grid.count }, () => ''),
})

const noTariff: Tariff = {
  import: { feePerKwh: 0, tiers: [] },
  demand: [],
  capacity: [],
  fixed: [],
  surcharges: [],
  taxes: [],
  billingDay: 1,
  holidays: [],
  carbonPricePerKg: 0,
}

/**
 * Evaluates the tariff of a site on the steps of a grid. Without a grid connection prices are zero.
 * A step that no time-of-use period covers, or whose spot price is missing, comes out as NaN, and so do all steps when
 * the tariff says no import price; {@link refuseMissingPrices} refuses them by name. Export that no price is said for
 * earns nothing.
 *
 * @throws `energy.bad-tariff` with every problem of the tariff at its place
 */
export async function tariffOnGrid(
  site: Site,
  grid: StepGrid,
  data: DataPort,
  { soFar = true, billedFromMs = grid.startMs }: TariffOptions = {},
): Promise<TariffOnGrid> {
  const said = site.sections.tariff as Tariff | undefined
  if (!site.assets.some(({ kind }) => kind === 'grid')) return islanded(grid, said)
  const tariff = said ?? noTariff
  const { file } = site.source
  const problems: Problem[] = [...tariffProblems(tariff, site)]
  if (problems.length > 0) throw new MangroveError(problems)
  const calendar = createCalendar(grid, { ...tariff, zone: site.zone })
  const read = (side: 'import' | 'export') =>
    sidePrices(tariff[side], { site, grid, calendar, data, path: `tariff.${side}` })
  const imports = await read('import')
  const exports = await read('export')
  const surchargePerKwh = tariff.surcharges.reduce((sum, { pricePerKwh }) => sum + pricePerKwh, 0)
  const taxFactor = 1 + tariff.taxes.reduce((sum, { share }) => sum + share, 0)
  const importPrice = priceOfSteps(imports, grid.count).map((price) => (price + surchargePerKwh) * taxFactor)
  if (!saysPrice(tariff.import)) importPrice.fill(Number.NaN)
  const periodNames = Array.from(
    { length: grid.count },
    (_, k) => imports.periods[imports.periodOf?.[k] ?? -1]?.name ?? '',
  )
  const nettedPrice = nettedPriceOfSteps(imports, grid.count).map((price) => price * taxFactor)
  const ownExportPrice = priceOfSteps(exports, grid.count)
  const exportPrice = tariff.netMetering ? ownExportPrice.map((price, k) => price + nettedPrice[k]!) : ownExportPrice
  const report = (problem: Problem): void => void problems.push(problem)
  const demand = demandWindows(tariff.demand, { calendar, soFar, billedFromMs, file, report })
  const netting = nettingWindows(tariff, { calendar, soFar, file, periodNames, nettedPrice, report })
  if (problems.length > 0) throw new MangroveError(problems)
  return {
    importPrice,
    exportPrice,
    carbonIntensity: await carbonOnGrid(site, grid, data, tariff),
    carbonPricePerKg: tariff.carbonPricePerKg,
    demand,
    tiers: tierWindows(tariff.import.tiers, calendar, soFar),
    netting,
    taxFactor,
    periodNames,
    parts: { tariff, calendar, import: imports, export: exports, surchargePerKwh },
  }
}

async function carbonOnGrid(site: Site, grid: StepGrid, data: DataPort, tariff: Tariff): Promise<Float64Array> {
  if (tariff.carbonIntensity === undefined) return new Float64Array(grid.count)
  const source = tariff.carbonIntensity
  const { values } = await data.series(site, { source, grid, unit: 'kgCO2e/kWh', path: 'tariff.carbonIntensity' })
  return Float64Array.from(values)
}
