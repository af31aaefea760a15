import { type EngineContext, formatIso, type Site, stepHours, stepStartMs, type TimeGrid } from '../../kernel/index.ts'
import { type GridWeather, readWeather, weatherOnGrid } from '../../weather/index.ts'
import { energyErrors } from '../errors.ts'
import { pvPowerKw } from '../pv/index.ts'
import type { PvAsset, WeatherSection } from '../schema/index.ts'
import { buildTask } from './build-task.ts'
import type { History } from './history.ts'
import { learnPv } from './learn-pv.ts'
import { pauseFor } from './pause.ts'
import type { Found } from './publish.ts'
import { correctionReason, errorReasons, historyReasons, plainReasons } from './reasons.ts'

export interface PvRequest {
  readonly site: Site
  readonly array: PvAsset
  readonly title: string
  readonly horizon: TimeGrid
  /** Measured power; empty or absent: the chain stands uncorrected. */
  readonly history?: History
  readonly levels: readonly number[]
}

/** Whether the site says what the sky is like. */
export function hasWeather(site: Site): boolean {
  const { file, synthetic } = (site.sections.weather ?? {}) as WeatherSection
  return file !== undefined || synthetic !== undefined
}

/** Forecasts an array from the site's weather through the physical chain, corrected by what was measured. */
export async function forecastPv(request: PvRequest, context: EngineContext): Promise<Found> {
  const { site, array, horizon, history, levels } = request
  const before = history?.values.length ?? 0
  const empty: History = {
    grid: { ...horizon, count: 0 },
    values: new Float64Array(0),
    known: 0,
    missing: 0,
    estimated: 0,
  }
  const task = buildTask(history ?? empty, horizon, { zone: site.zone, holidays: [] })
  const sky = await skyOn(site, task.calendar.grid, context)
  const modelledKw = pvPowerKw(array, sky, site.location)
  refuseMissing(request, modelledKw.subarray(before))
  const evidence = {
    measuredKw: task.values,
    modelledKw,
    elevationDeg: sky.sun.zenithDeg.map((zenith) => 90 - zenith),
    azimuthDeg: sky.sun.azimuthDeg,
    stepHours: stepHours(horizon),
  }
  const largestMeasured = task.values.reduce((most, value) => Math.max(most, value || 0), 0)
  const largestKw = Math.max(largestMeasured, array.capacityKwp / array.dcAcRatio)
  const learnt = await learnPv(task, evidence, before, { levels, largestKw, pause: pauseFor(context.signal) })
  const learned = history !== undefined && history.known > 0
  return {
    method: 'pv-chain',
    median: learnt.median,
    ...(learnt.quantiles ? { quantiles: learnt.quantiles } : {}),
    ...(learnt.backtest ? { backtest: learnt.backtest } : {}),
    weights: { [learned ? 'corrected chain' : 'chain']: 1 },
    ...(learned ? { history } : {}),
    synthetic: sky.synthetic,
    reasons: [
      sky.synthetic ? plainReasons.synthetic : plainReasons.typical,
      ...(learned
        ? [
            correctionReason(learnt.correction.general, learnt.correction.days),
            ...historyReasons(history, horizon),
            ...errorReasons(learnt.backtest, learnt.calibrationCount),
          ]
        : [plainReasons.noMeasured]),
    ],
  }
}

async function skyOn(site: Site, grid: TimeGrid, { data }: EngineContext): Promise<GridWeather> {
  const year = await readWeather((site.sections.weather ?? {}) as WeatherSection, site, (file) => data.text(site, file))
  if (year) return weatherOnGrid(year, grid, site.location)
  throw energyErrors.noWeather({
    detail: 'The site has no weather to forecast an array from',
    place: { file: site.source.file, path: 'weather' },
    expected: 'a weather file or monthly normals, or the measured power of the array in `measured`',
  })
}

function refuseMissing({ site, title, horizon }: PvRequest, aheadKw: Float64Array): void {
  const gap = aheadKw.findIndex(Number.isNaN)
  if (gap < 0) return
  throw energyErrors.missingData({
    detail: `The weather that ${title} needs is missing, first at ${formatIso(stepStartMs(horizon, gap), site.zone)}`,
    place: { file: site.source.file, path: 'weather' },
    expected: 'irradiance and temperature in every step of the forecast',
  })
}
