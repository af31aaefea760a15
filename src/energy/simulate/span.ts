import {
  type Asset,
  type DataPort,
  endMs,
  hoursOfSteps,
  MangroveError,
  type Site,
  type TimeGrid,
} from '../../kernel/index.ts'
import { readWeather, type WeatherYear, weatherOnGrid } from '../../weather/index.ts'
import { componentOf } from '../components/index.ts'
import { pauseFor } from '../forecast/pause.ts'
import type { Frame } from '../frame.ts'
import { type PreparedAsset, prepareAssets } from '../park-model.ts'
import { createFrame } from '../plan-frame.ts'
import type { WeatherSection } from '../schema/index.ts'
import { createSpanData, type SpanData } from './span-data.ts'

/** A stretch of time in which a site is simulated, with all that was. */
export interface Span {
  /** Sources that weather drives stand with their production, worked out once. */
  readonly site: Site
  readonly grid: TimeGrid
  /** Steps from the beginning of the span whose prices and series are known: those of the span, and the horizon after it where there is one. */
  readonly knownSteps: number
  readonly frame: Frame
  readonly assets: readonly PreparedAsset[]
  readonly data: SpanData
}

export interface SpanOptions {
  /** Days before the span that forecasts may look back to. */
  readonly historyDays: number
  /** Steps after the span that plans may look ahead to. */
  readonly aheadSteps: number
  readonly signal: AbortSignal
}

const dayMs = 86_400_000
/** Days of sky that are worked out at once, so that others have their turn. */
const daysAtOnce = 5

/** Reads what a site met in a span. @throws what a plan of the span would throw: missing prices, series, weather */
export async function openSpan(site: Site, grid: TimeGrid, data: DataPort, options: SpanOptions): Promise<Span> {
  const before = Math.round((options.historyDays * dayMs) / grid.stepMs)
  const whole: TimeGrid = {
    startMs: grid.startMs - before * grid.stepMs,
    stepMs: grid.stepMs,
    count: before + grid.count + options.aheadSteps,
  }
  const spanData = createSpanData(data, whole)
  const section = (site.sections.weather ?? {}) as WeatherSection
  const skyDriven = ({ kind, production }: Asset): boolean =>
    (kind === 'pv' || kind === 'wind') && production === undefined
  // Made or read once: a synthetic year takes longer than the sky over an array.
  const year = site.assets.some(skyDriven)
    ? await readWeather(section, site, (file) => data.text(site, file))
    : undefined
  const assets: Asset[] = []
  for (const asset of site.assets) {
    if (!skyDriven(asset)) {
      assets.push(asset)
      continue
    }
    const path = `assets.${asset.id}.production`
    spanData.replace(path, await productionOf(asset, { ...site, assets: [asset] }, { whole, data, year, ...options }))
    assets.push({ ...asset, production: 0 })
  }
  const told: Site = { ...site, assets }
  const knownSteps = await knownIn(told, grid, spanData, options.aheadSteps)
  const frame = await createFrame(told, grid, spanData.truth)
  // Read to the end of what is known, so that a stay which goes on after the span is not cut by it.
  const known = { ...grid, count: knownSteps }
  const knownFrame = knownSteps === grid.count ? frame : await createFrame(told, known, spanData.truth)
  return {
    site: told,
    grid,
    knownSteps,
    frame,
    assets: await prepareAssets(knownFrame, spanData.truth),
    data: spanData,
  }
}

/** Power that weather gives a source over the whole stretch, kW. */
async function productionOf(
  asset: Asset,
  site: Site,
  {
    whole,
    data,
    year,
    signal,
  }: SpanOptions & { readonly whole: TimeGrid; readonly data: DataPort; readonly year: WeatherYear | undefined },
): Promise<Float64Array> {
  const component = componentOf(asset.kind)!
  const pause = pauseFor(signal)
  const powerKw = new Float64Array(whole.count)
  const block = Math.max(1, Math.round((daysAtOnce * dayMs) / whole.stepMs))
  for (let from = 0; from < whole.count; from += block) {
    await pause()
    const grid = { ...whole, startMs: whole.startMs + from * whole.stepMs, count: Math.min(block, whole.count - from) }
    const weather = year && weatherOnGrid(year, grid, site.location)
    // A source asks its frame for place, time and sky alone.
    const sky = { site, grid, hours: hoursOfSteps(grid), ...(weather ? { weather } : {}) } as Frame
    const inputs = await component.prepare(asset, sky, data)
    for (let k = 0; k < grid.count; k += 1) powerKw[from + k] = component.offeredKw(inputs, k)
  }
  return powerKw
}

/** How far the hours after a span are known; not at all when something is missing there. */
async function knownIn(site: Site, grid: TimeGrid, data: SpanData, aheadSteps: number): Promise<number> {
  if (aheadSteps === 0) return grid.count
  const after: TimeGrid = { ...grid, startMs: endMs(grid), count: aheadSteps }
  try {
    await prepareAssets(await createFrame(site, after, data.truth), data.truth)
    return grid.count + aheadSteps
  } catch (error) {
    if (!(error instanceof MangroveError)) throw error
    return grid.count
  }
}
