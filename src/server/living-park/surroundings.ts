import { createFrame, type Surroundings as Felt, prepareAssets } from '../../energy/index.ts'
import { type DataPort, endMs, type Random, type Site, type TimeGrid } from '../../kernel/index.ts'

/** What weather, shifts and drivers offer or ask of each asset of a site over a stretch of time. */
export interface Surroundings {
  readonly endMs: number
  /** kW by asset id at a moment, between the step means, with the flutter of clouds and machines. */
  offeredKw(timestampMs: number): ReadonlyMap<string, number>
  /** What else assets feel at a moment, by asset id: that of its step. */
  felt(timestampMs: number): ReadonlyMap<string, Felt>
  /** What a weather station says at a moment, by point (`weather.ghiWm2`); empty where nothing of the site needs weather. */
  weather(timestampMs: number): ReadonlyMap<string, number>
}

/** Quantities of the weather that a station measures, as the points of `weather` are called. */
const measuredWeather = ['ghiWm2', 'temperatureC', 'windSpeedMPerS', 'pressurePa'] as const

export const quarterHourMs = 900_000

/** Seconds after which the flutter has forgotten itself. */
const memorySeconds = 90
/** Standard deviation of the flutter, a share of the step mean. */
const flutterShare = 0.02

/** Reads the series of every asset on quarter-hours from `fromMs`. */
export async function readSurroundings(
  site: Site,
  fromMs: number,
  hours: number,
  ports: { readonly data: DataPort; readonly random: Random },
): Promise<Surroundings> {
  const startMs = Math.floor(fromMs / quarterHourMs) * quarterHourMs
  const grid: TimeGrid = { startMs, stepMs: quarterHourMs, count: hours * 4 }
  const frame = await createFrame(site, grid, ports.data)
  const assets = (await prepareAssets(frame, ports.data)).map(({ asset, component, inputs }) => ({
    id: asset.id,
    steps: Float64Array.from({ length: grid.count }, (_, k) => component.offeredKw(inputs, k)),
    felt: component.surroundings
      ? Array.from({ length: grid.count }, (_, k): Felt => component.surroundings?.(inputs, k) ?? {})
      : undefined,
    flutter: 0,
  }))
  const { weather } = frame
  const stepOf = (timestampMs: number): number => (timestampMs - startMs) / quarterHourMs
  let previousMs = startMs
  return {
    endMs: endMs(grid),
    weather: (timestampMs) =>
      new Map(
        weather
          ? measuredWeather.map((name) => [`weather.${name}`, between(weather[name], stepOf(timestampMs))] as const)
          : [],
      ),
    felt(timestampMs) {
      const k = Math.min(grid.count - 1, Math.max(0, Math.floor(stepOf(timestampMs))))
      return new Map(assets.flatMap(({ id, felt }) => (felt ? [[id, felt[k] ?? {}] as const] : [])))
    },
    offeredKw(timestampMs) {
      const elapsedSeconds = Math.max(0, (timestampMs - previousMs) / 1000)
      previousMs = timestampMs
      const kept = Math.exp(-elapsedSeconds / memorySeconds)
      const fresh = Math.sqrt(1 - kept * kept) * flutterShare
      const offered = new Map<string, number>()
      for (const asset of assets) {
        asset.flutter = kept * asset.flutter + fresh * normal(ports.random)
        const mean = between(asset.steps, stepOf(timestampMs))
        offered.set(asset.id, Math.max(0, mean * (1 + asset.flutter)))
      }
      return offered
    },
  }
}

/** Linear between the middles of the steps. `position` is in steps from the start of the first. */
function between(steps: Float64Array, position: number): number {
  const last = steps.length - 1
  const left = Math.min(last, Math.max(0, Math.floor(position - 0.5)))
  const right = Math.min(last, left + 1)
  const share = Math.min(1, Math.max(0, position - 0.5 - left))
  const value = (steps[left] ?? 0) * (1 - share) + (steps[right] ?? 0) * share
  return Number.isFinite(value) ? value : 0
}

/** Standard normal, Box and Muller 1958. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())
}
