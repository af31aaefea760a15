import { convert, type DataPort, parseUnit, type SeriesSource, type Site } from '../../kernel/index.ts'
import { energyErrors } from '../errors.ts'
import type { SavingsInput, SavingsMeter } from '../schema/index.ts'
import { billsWithin, monthlyObservations } from './billing-periods.ts'
import { dailyObservations, dayMeans, hourlyObservations, type Observed } from './observations.ts'
import type { Period } from './period.ts'

const zeroKelvinC = -273.15

/** Kilowatt-hours of one unit of a meter. @throws `energy.bad-savings` */
export function kwhPerUnitOf({ unit = 'kWh', kwhPerUnit }: SavingsMeter, path: string): number {
  const isEnergy = JSON.stringify(parseUnit(unit).dimension) === JSON.stringify(parseUnit('kWh').dimension)
  if (isEnergy && kwhPerUnit === undefined) return convert(1, unit, 'kWh')
  if (!isEnergy && kwhPerUnit !== undefined) return kwhPerUnit
  throw energyErrors.badSavings({
    detail: isEnergy
      ? 'The unit of the meter is one of energy already'
      : 'What a unit of the meter holds of energy is not said',
    place: { path: `${path}.kwhPerUnit` },
    found: kwhPerUnit ?? unit,
    expected: isEnergy ? 'no `kwhPerUnit`' : `kilowatt-hours of one ${unit}`,
  })
}

/** Air temperature on the steps of a period, °C. */
export async function readTemperature(
  data: DataPort,
  site: Site,
  source: SeriesSource,
  { grid }: Period,
  path: string,
): Promise<Float64Array> {
  // A column of a file is asked for in K: the kernel's check for amounts a step knows no product of °C.
  const inKelvin = typeof source === 'object' && 'file' in source
  const { values } = await data.series(site, { source, grid, unit: inKelvin ? 'K' : 'degC', path })
  return inKelvin ? values.map((kelvin) => kelvin + zeroKelvinC) : values
}

export interface Drivers {
  readonly temperatureC?: Float64Array
  readonly variables: readonly Float64Array[]
}

/** What the energy of a period depends on, on its steps. */
export async function readDrivers(
  data: DataPort,
  site: Site,
  period: Period,
  input: Pick<SavingsInput, 'temperature' | 'variables'>,
): Promise<Drivers> {
  const { temperature, variables } = input
  const temperatureC = temperature && (await readTemperature(data, site, temperature, period, 'temperature'))
  const others = await Promise.all(
    Object.entries(variables).map(async ([name, { source, unit = '1' }]) => {
      const { values } = await data.series(site, { source, grid: period.grid, unit, path: `variables.${name}.source` })
      return values
    }),
  )
  return { ...(temperatureC ? { temperatureC } : {}), variables: others }
}

export interface MeterRequest {
  readonly site: Site
  readonly meter: SavingsMeter
  readonly path: string
  readonly granularity: SavingsInput['granularity']
}

/** The observations of a meter in a period. @throws `energy.bad-savings`, `energy.below-zero` */
export async function observe(
  data: DataPort,
  { site, meter, path, granularity }: MeterRequest,
  period: Period,
  drivers: Drivers,
): Promise<Observed> {
  const kwhPerUnit = kwhPerUnitOf(meter, path)
  const { source, bills } = meter
  if (bills) {
    refuseFinerBills(granularity, path)
    bills.forEach(({ amount }, index) => {
      if (amount < 0 && !meter.netMetering) throw belowZero(`${path}.bills.${index}.amount`, amount)
    })
    const within = billsWithin(bills, period, { zone: site.zone, path: `${path}.bills`, kwhPerUnit })
    // The bills say the energy; of the days only what it depends on is read.
    return monthlyObservations(dayMeans(period, { powerKw: new Float64Array(period.grid.count), ...drivers }), within)
  }
  if (source === undefined || typeof source === 'number' || Array.isArray(source)) {
    throw energyErrors.badSavings({
      detail:
        source === undefined
          ? 'The meter has neither series nor bills'
          : 'A number or a daily profile is no measurement',
      place: { path: `${path}.source` },
      expected: 'values, an observation, a column of a file, or `bills`',
    })
  }
  const series = await data.series(site, {
    source,
    grid: period.grid,
    unit: `${meter.unit ?? 'kWh'}/h`,
    path: `${path}.source`,
  })
  const powerKw = series.values.map((value) => value * kwhPerUnit)
  const negative = powerKw.find((value) => value < 0)
  if (negative !== undefined && !meter.netMetering) throw belowZero(`${path}.source`, negative)
  const measured = { powerKw, ...drivers }
  const means = dayMeans(period, measured)
  switch (granularity) {
    case 'daily':
      return dailyObservations(means)
    case 'hourly':
      return hourlyObservations(means, measured, site.zone)
    case 'monthly':
      return monthlyObservations(means, undefined)
  }
}

function refuseFinerBills(granularity: SavingsInput['granularity'], path: string): void {
  if (granularity === 'monthly') return
  throw energyErrors.badSavings({
    detail: 'Bills tell no days and no hours',
    place: { path: `${path}.bills` },
    found: granularity,
    expected: 'granularity monthly',
  })
}

const belowZero = (path: string, found: number) =>
  energyErrors.belowZero({
    detail: 'The meter runs backwards',
    place: { path },
    found,
    expected: 'zero or more, or `netMetering: true` where the site feeds in through this meter',
  })
