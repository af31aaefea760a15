import { defineEngine, type EngineContext, formatIso, type Site, stepHours, type TimeGrid } from '../../kernel/index.ts'
import { energyErrors } from '../errors.ts'
import { planGrid } from '../plan.ts'
import { type ForecastInput, ForecastInputSchema, type ForecastOutput, ForecastOutputSchema } from '../schema/index.ts'
import { dayOfDate } from './calendar.ts'
import { forecastLoad } from './forecast-load.ts'
import { forecastPv, hasWeather } from './forecast-pv.ts'
import { readHistory } from './history.ts'
import { type Found, publishTarget } from './publish.ts'
import { plainReasons } from './reasons.ts'
import { isStated, type Target, targetsOf } from './targets.ts'

/** Forecasts loads, PV arrays or any series of a site with quantiles that kept their promise in the past. */
export const forecastEngine = defineEngine({
  id: 'energy.forecast',
  title: 'Forecast the energy of a site',
  description:
    'Forecasts loads from their own past, the calendar and the temperature, and PV arrays from weather through the physical chain with a correction learnt from measurements. Quantiles are calibrated on the last weeks, and how well it did there is told beside the better of last day and last week.',
  version: '0.1.0',
  input: ForecastInputSchema,
  output: ForecastOutputSchema,
  long: true,
  positional: 'site',
  run: forecast,
})

async function forecast(input: ForecastInput, context: EngineContext): Promise<ForecastOutput> {
  context.progress(0.02, 'reading the site')
  refuseFalseDates(input.holidays)
  const site = await context.data.site(input.site, input.changes)
  const horizon = planGrid(input, site, context.clock.now())
  const targets = targetsOf(input, site)
  const found: ForecastOutput['targets'] = []
  for (const [index, target] of targets.entries()) {
    const progress = (share: number): void =>
      context.progress(0.05 + (0.9 * (index + share)) / targets.length, `forecasting ${target.title}`)
    progress(0)
    const own = await forecastTarget(target, { input, site, horizon, progress }, context)
    found.push(publishTarget(target, own, { horizon, zone: site.zone }))
  }
  return {
    site: site.id,
    start: formatIso(horizon.startMs, site.zone),
    startMs: horizon.startMs,
    zone: site.zone,
    stepMinutes: stepHours(horizon) * 60,
    steps: horizon.count,
    targets: found,
  }
}

interface Request {
  readonly input: ForecastInput
  readonly site: Site
  readonly horizon: TimeGrid
  progress(share: number): void
}

async function forecastTarget(target: Target, request: Request, context: EngineContext): Promise<Found> {
  const { input, site, horizon, progress } = request
  const { source, unit, path, title, pv } = target
  const levels = [...new Set(input.levels)].sort((a, b) => a - b)
  const throughChain = pv !== undefined && (hasWeather(site) || source === undefined)
  if (source !== undefined && isStated(source) && !throughChain) {
    const { values } = await context.data.series(site, { source, grid: horizon, unit, path })
    return { method: 'stated', median: values, weights: {}, synthetic: false, reasons: [plainReasons.stated] }
  }
  const history =
    source === undefined || isStated(source)
      ? undefined
      : await readHistory(context.data, site, horizon, { source, unit, path, days: input.historyDays })
  if (throughChain) {
    return forecastPv({ site, array: pv, title, horizon, levels, ...(history ? { history } : {}) }, context)
  }
  if (history === undefined || history.known === 0) {
    throw energyErrors.noHistory({
      detail: `${title} has no value before ${formatIso(horizon.startMs, site.zone)}`,
      place: { path },
      expected: `measurements in the ${input.historyDays} days before`,
    })
  }
  const found = await forecastLoad({ site, horizon, history, input, levels, progress }, context)
  return pv ? { ...found, reasons: [plainReasons.noWeather, ...found.reasons] } : found
}

/** 30 February is the right shape and no date. */
function refuseFalseDates(holidays: readonly string[]): void {
  holidays.forEach((date, index) => {
    const day = dayOfDate(date)
    if (!Number.isNaN(day) && new Date(day * 86_400_000).toISOString().startsWith(date)) return
    throw energyErrors.badForecast({
      detail: 'A holiday is no date',
      place: { path: `holidays.${index}` },
      found: date,
      expected: 'YYYY-MM-DD, a day of the calendar',
    })
  })
}
