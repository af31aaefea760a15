import {
  type DataPort,
  formatIso,
  type SeriesSource,
  type Site,
  stepStartMs,
  type TimeGrid,
} from '../../kernel/index.ts'
import { energyErrors } from '../errors.ts'
import type { BillInput, Tariff } from '../schema/index.ts'
import { createCalendar, monthSpans } from '../tariff/calendar.ts'
import type { Meter } from '../tariff/index.ts'
import type { BillPeriod } from './bill-period.ts'

/** kW that a meter may show below zero without meaning it. */
const dustKw = 1e-6

export interface MeterRequest {
  readonly input: BillInput
  readonly site: Site
  readonly period: BillPeriod
  /** Where reading begins, for what looks back. */
  readonly fromMs: number
}

/**
 * Reads the meter of a site. Of the months before the period, those next to it that have every value are kept.
 *
 * @throws `energy.missing-data` for a gap in the period, unless gaps are left out; `energy.below-zero`
 */
export async function readMeter(data: DataPort, { input, site, period, fromMs }: MeterRequest): Promise<Meter> {
  const { endMs, stepMs } = period
  const grid: TimeGrid = { startMs: fromMs, stepMs, count: Math.round((endMs - fromMs) / stepMs) }
  const read = async (source: SeriesSource, unit: string, path: string): Promise<Float64Array> =>
    (await data.series(site, { source, grid, unit, path })).values
  const flows = await readFlows(input, site, read)
  const reactiveKvar = input.reactive === undefined ? undefined : await read(input.reactive, 'kvar', 'reactive')
  const whole: Meter = { grid, ...flows, ...(reactiveKvar ? { reactiveKvar } : {}) }
  refuseBelowZero(whole, site)
  const meter = fromStep(whole, firstKeptStep(whole, site, period, input.gaps === 'leave-out'))
  if (input.gaps !== 'leave-out') refuseGaps(meter, site)
  return meter
}

async function readFlows(
  input: BillInput,
  site: Site,
  read: (source: SeriesSource, unit: string, path: string) => Promise<Float64Array>,
): Promise<Pick<Meter, 'importKw' | 'exportKw'>> {
  if (input.import !== undefined) {
    const importKw = await read(input.import, 'kW', 'import')
    const exportKw = await read(input.export ?? 0, 'kW', 'export')
    return { importKw, exportKw }
  }
  const connection = site.assets.find(({ kind }) => kind === 'grid')!
  const powerKw = await read({ observation: `${connection.id}.powerKw` }, 'kW', 'import')
  const exportKw =
    input.export === undefined ? powerKw.map((power) => Math.max(0, -power)) : await read(input.export, 'kW', 'export')
  return { importKw: powerKw.map((power) => Math.max(0, power)), exportKw }
}

const seriesOf = ({ importKw, exportKw, reactiveKvar }: Meter): readonly Float64Array[] => [
  importKw,
  exportKw,
  ...(reactiveKvar ? [reactiveKvar] : []),
]

const isMissing = (series: readonly Float64Array[], step: number): boolean =>
  series.some((values) => Number.isNaN(values[step]))

/** The step from which on all months are known; the period’s first step at the latest. */
function firstKeptStep(meter: Meter, site: Site, { startMs }: BillPeriod, withGaps: boolean): number {
  const { billingDay } = site.sections.tariff as Tariff
  const calendar = createCalendar(meter.grid, { zone: site.zone, billingDay })
  const series = seriesOf(meter)
  let first = Math.round((startMs - meter.grid.startMs) / meter.grid.stepMs)
  for (const { from, to } of monthSpans(calendar).toReversed()) {
    if (to > first) continue
    let missing = 0
    for (let k = from; k < to; k += 1) missing += Number(isMissing(series, k))
    if (withGaps ? missing === to - from : missing > 0) break
    first = from
  }
  return first
}

function fromStep(meter: Meter, first: number): Meter {
  if (first === 0) return meter
  const { grid, importKw, exportKw, reactiveKvar } = meter
  return {
    grid: { startMs: stepStartMs(grid, first), stepMs: grid.stepMs, count: grid.count - first },
    importKw: importKw.slice(first),
    exportKw: exportKw.slice(first),
    ...(reactiveKvar ? { reactiveKvar: reactiveKvar.slice(first) } : {}),
  }
}

function refuseBelowZero({ grid, importKw, exportKw }: Meter, site: Site): void {
  for (const [path, values] of Object.entries({ import: importKw, export: exportKw })) {
    const step = values.findIndex((value) => value < -dustKw)
    if (step < 0) continue
    throw energyErrors.belowZero({
      detail: `The metered ${path} is below zero at ${formatIso(stepStartMs(grid, step), site.zone)}`,
      place: { path },
      found: values[step],
      expected: '0 kW or more; what flows the other way is a series of its own',
    })
  }
}

function refuseGaps(meter: Meter, site: Site): void {
  const series = seriesOf(meter)
  const { grid } = meter
  let missing = 0
  let first = -1
  for (let k = 0; k < grid.count; k += 1) {
    if (!isMissing(series, k)) continue
    missing += 1
    if (first < 0) first = k
  }
  if (missing === 0) return
  throw energyErrors.missingData({
    detail: `The meter has no value in ${missing} of ${grid.count} steps, first at ${formatIso(stepStartMs(grid, first), site.zone)}`,
    place: { path: 'import' },
    expected: 'a value for every step, or `gaps: leave-out` to bill without them',
  })
}
