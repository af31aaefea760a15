import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createSeriesReader, type FileSource, parseInstant, type Site, type TimeGrid } from '../../kernel/index.ts'
import { createCalendar } from './calendar.ts'
import type { ForecastTask } from './task.ts'

/** Measured loads that are not part of the repository; see `../shared/data/SOURCES.md`. */
const folder = join(import.meta.dirname, '../../../../shared/data/energy/load')

interface RealLoad {
  readonly file: string
  readonly zone: string
  readonly unit: string
  readonly source: Omit<FileSource, 'file'>
  readonly temperature?: Omit<FileSource, 'file'>
  /** Local dates of the first day and the day after the last. */
  readonly days: readonly [string, string]
  readonly step: number
  readonly holidays: readonly string[]
}

const vicTime = { column: 'Time' }

export const realLoads = {
  /** Public holidays of Korea in 2018. */
  steel: {
    file: 'KR_steel_plant_15min_2018_jan_sep.csv',
    zone: 'Asia/Seoul',
    unit: 'kW',
    source: {
      column: 'Usage_kWh',
      unit: 'kWh',
      per: 'step',
      time: { column: 'date', format: 'DD/MM/YYYY HH:mm', label: 'end' },
    },
    days: ['2018-01-01', '2018-10-01'],
    step: 15,
    holidays: [
      ...['2018-01-01', '2018-02-15', '2018-02-16', '2018-03-01', '2018-05-01', '2018-05-05', '2018-05-07'],
      ...['2018-05-22', '2018-06-06', '2018-06-13', '2018-08-15', '2018-09-24', '2018-09-25', '2018-09-26'],
    ],
  },
  /** One household of Sydney; public holidays of New South Wales. */
  ausgrid: {
    file: 'AU_Ausgrid_customer12_load_pv_30min_2011_jul_dec.csv',
    zone: 'Australia/Sydney',
    unit: 'kW',
    source: { column: 'GC', unit: 'kW', time: { column: 'time', format: 'YYYY-MM-DD HH:mm:ss' } },
    days: ['2011-07-01', '2012-01-01'],
    step: 30,
    holidays: ['2011-10-03', '2011-12-25', '2011-12-26', '2011-12-27'],
  },
  /** Demand of the state of Victoria; the public holidays of the file, weekdays only those that are one. */
  victoria: {
    file: 'AU_VIC_demand_temp_30min_2012_2014.csv',
    zone: 'Australia/Melbourne',
    unit: 'MW',
    source: { column: 'Demand', unit: 'MWh', per: 'step', time: vicTime },
    temperature: { column: 'Temperature', unit: 'degC', time: vicTime },
    days: ['2012-01-01', '2015-01-01'],
    step: 30,
    holidays: [
      ...['2012-01-01', '2012-01-02', '2012-01-26', '2012-03-12', '2012-04-06', '2012-04-09', '2012-04-25'],
      ...['2012-06-11', '2012-11-06', '2012-12-25', '2012-12-26', '2013-01-01', '2013-01-28', '2013-03-11'],
      ...['2013-03-29', '2013-04-01', '2013-04-25', '2013-06-10', '2013-11-05', '2013-12-25', '2013-12-26'],
      ...['2014-01-01', '2014-01-27', '2014-03-10', '2014-04-18', '2014-04-21', '2014-04-25', '2014-06-09'],
      ...['2014-11-04', '2014-12-25', '2014-12-26'],
    ],
  },
} satisfies Record<string, RealLoad>

export type RealLoadName = keyof typeof realLoads

export const realLoadsPresent = (): boolean =>
  Object.values(realLoads).every(({ file }) => existsSync(join(folder, file)))

/** A file as it is, but for two rows of the Sydney household: 02:00 and 02:30 of a night whose clock skips them. */
function readText(file: string): string {
  const text = readFileSync(join(folder, file), 'utf8')
  return file.includes('Ausgrid') ? text.replace(/^,/, 'time,').replace(/^2011-10-02 02:.*\r?\n/gm, '') : text
}

/** The whole file as a task whose horizon is a day. */
export async function readRealLoad(name: RealLoadName): Promise<ForecastTask> {
  const { file, zone, unit, source, temperature, days, step, holidays }: RealLoad = realLoads[name]
  const site = { zone, currency: 'USD', source: { file: '', sha256: '' } } as Site
  const startMs = parseInstant(days[0], zone)
  const stepMs = step * 60_000
  const grid: TimeGrid = { startMs, stepMs, count: (parseInstant(days[1], zone) - startMs) / stepMs }
  const read = createSeriesReader({ readText: async (_, path) => readText(path) })
  const { values } = await read(site, { source: { file, ...source }, grid, unit, path: '' })
  // A file's temperature is asked for in K: the kernel's check for amounts a step knows no product of °C.
  const warmth = temperature && (await read(site, { source: { file, ...temperature }, grid, unit: 'K', path: '' }))
  return {
    calendar: createCalendar(grid, zone, holidays),
    values,
    ...(warmth ? { temperatureC: warmth.values.map((kelvin) => kelvin - 273.15) } : {}),
    horizon: 86_400_000 / stepMs,
  }
}

/** The last days of a task, as if nothing had been measured before. */
export function lastDays(task: ForecastTask, days: number, holidays: readonly string[]): ForecastTask {
  const { calendar, values, temperatureC, horizon } = task
  const { grid, zone, slots } = calendar
  const skip = Math.max(0, grid.count - days * slots)
  const kept: TimeGrid = { ...grid, startMs: grid.startMs + skip * grid.stepMs, count: grid.count - skip }
  return {
    calendar: createCalendar(kept, zone, holidays),
    values: values.slice(skip),
    ...(temperatureC ? { temperatureC: temperatureC.slice(skip) } : {}),
    horizon,
  }
}
