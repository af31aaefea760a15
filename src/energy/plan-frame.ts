import {
  type DataPort,
  endMs,
  formatIso,
  MangroveError,
  type Problem,
  type Site,
  stepHours,
  stepStartMs,
  type TimeGrid,
} from '../kernel/index.ts'
import { type GridWeather, readWeather, weatherOnGrid } from '../weather/index.ts'
import { componentOf } from './components/index.ts'
import { energyErrors } from './errors.ts'
import type { Frame } from './frame.ts'
import { wishPenalties } from './penalties.ts'
import type { WeatherSection, Wishes } from './schema/index.ts'
import { type TariffOnGrid, tariffOnGrid } from './tariff.ts'

/** Reads prices and weather of a site on a grid: what every component of the plan sees. */
export async function createFrame(site: Site, grid: TimeGrid, data: DataPort): Promise<Frame> {
  const tariff = await tariffOnGrid(site, grid, data)
  refuseMissingPrices(site, grid, tariff)
  const weather = await siteWeather(site, grid, data)
  const wishes = site.sections.wishes as Wishes
  const penaltyPerKwh = wishPenalties(wishes, tariff, dearestKwh(site, tariff), stepHours(grid))
  return {
    site,
    grid,
    stepHours: stepHours(grid),
    tariff,
    ...(weather ? { weather } : {}),
    wishes,
    cyclic: false,
    penaltyPerKwh,
    scarcityPricePerKwh: Math.min(...wishes.order.map(penaltyPerKwh)),
  }
}

/** The dearest kWh an asset may cost by choice. */
const dearestKwh = (site: Site, tariff: TariffOnGrid): number =>
  site.assets.reduce(
    (dearest, asset) =>
      Math.max(dearest, componentOf(asset.kind)?.dearestPerKwh?.(asset, tariff.carbonPricePerKg) ?? 0),
    0,
  )

/** Only a grid connection needs prices; with one, a step without price or carbon intensity is an error, not a zero. */
function refuseMissingPrices(site: Site, grid: TimeGrid, tariff: TariffOnGrid): void {
  if (!site.assets.some((asset) => asset.kind === 'grid')) return
  const problems: Problem[] = []
  const look = (values: Float64Array, path: string, what: string, by = 'a value'): void => {
    const missing = values.reduce((count, value) => count + Number(Number.isNaN(value)), 0)
    if (missing === 0) return
    const first = values.findIndex(Number.isNaN)
    problems.push(
      energyErrors.missingData.problem({
        detail: `${what} is missing in ${missing} of ${values.length} steps, first at ${formatIso(stepStartMs(grid, first), site.zone)}`,
        place: { file: site.source.file, path },
        expected: `${by} for every step until ${formatIso(endMs(grid), site.zone)}`,
      }),
    )
  }
  look(tariff.importPrice, 'tariff.import', 'The import price', '`timeOfUse`, `spot` or `feePerKwh`')
  look(tariff.exportPrice, 'tariff.export', 'The export price', '`timeOfUse`, `spot` or `feePerKwh`')
  look(tariff.carbonIntensity, 'tariff.carbonIntensity', 'The carbon intensity')
  if (problems.length > 0) throw new MangroveError(problems)
}

/** The weather on the grid when an asset needs it. */
export async function siteWeather(site: Site, grid: TimeGrid, data: DataPort): Promise<GridWeather | undefined> {
  const needed = site.assets.some((asset) => componentOf(asset.kind)?.needsWeather?.(asset) ?? false)
  if (!needed) return undefined
  const section = (site.sections.weather ?? {}) as WeatherSection
  const year = await readWeather(section, site, (file) => data.text(site, file))
  return year && weatherOnGrid(year, grid, site.location)
}
