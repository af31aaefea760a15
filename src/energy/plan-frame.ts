import { type DataPort, hoursOfSteps, type Site, type StepGrid } from '../kernel/index.ts'
import { type GridWeather, readWeather, weatherOnGrid } from '../weather/index.ts'
import { componentOf } from './components/index.ts'
import type { Frame } from './frame.ts'
import { wishPenalties } from './penalties.ts'
import type { WeatherSection, Wishes } from './schema/index.ts'
import { refuseMissingPrices, type TariffOnGrid, tariffOnGrid } from './tariff/index.ts'

/** Reads prices and weather of a site on a grid: what every component of the plan sees. */
export async function createFrame(site: Site, grid: StepGrid, data: DataPort): Promise<Frame> {
  const tariff = await tariffOnGrid(site, grid, data)
  refuseMissingPrices(site, grid, tariff)
  const weather = await siteWeather(site, grid, data)
  const wishes = site.sections.wishes as Wishes
  const hours = hoursOfSteps(grid)
  const shortestHours = hours.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY)
  const penaltyPerKwh = wishPenalties(wishes, tariff, dearestKwh(site, tariff), shortestHours)
  return {
    site,
    grid,
    hours,
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

/** The weather on the grid when an asset needs it. */
export async function siteWeather(site: Site, grid: StepGrid, data: DataPort): Promise<GridWeather | undefined> {
  const needed = site.assets.some((asset) => componentOf(asset.kind)?.needsWeather?.(asset) ?? false)
  if (!needed) return undefined
  const section = (site.sections.weather ?? {}) as WeatherSection
  const year = await readWeather(section, site, (file) => data.text(site, file))
  return year && weatherOnGrid(year, grid, site.location)
}
