import { correlatedErrors, normals, yearsOfWeather } from './observations.fixture.ts'

export interface MadeFacility {
  readonly seed: number
  /** Share of the use that the measure takes away in the second year. */
  readonly saving?: number
  /** Deviation of a day's use, kWh. */
  readonly noiseKwh?: number
  readonly rho?: number
}

/** Hours of 2023 and 2024 in a zone without clock changes: 365 and 366 days. */
export const madeDays = 731
export const madePeriods = {
  baseline: { from: '2023-01-01', to: '2024-01-01' },
  reporting: { from: '2024-01-01', to: '2025-01-01' },
}

/** A facility that heats below 13 °C, cools above 19 °C and rests at weekends; power and temperature for two years. */
export function madeFacility({ seed, saving = 0, noiseKwh = 300, rho = 0.4 }: MadeFacility) {
  const draw = normals(seed)
  const days = yearsOfWeather(madeDays, draw)
  const errors = correlatedErrors(madeDays, rho, draw)
  const hours = Array.from({ length: madeDays * 24 }, (_, k) => k)
  const dayOf = (hour: number): number => Math.floor(hour / 24)
  const wave = (hour: number): number => Math.sin((2 * Math.PI * ((hour % 24) - 9)) / 24)
  const temperatureC = hours.map((hour) => days[dayOf(hour)]! + 4 * wave(hour))
  const powerKw = hours.map((hour) => {
    const day = dayOf(hour)
    // 1 January 2023 is a Sunday.
    const base = (day + 6) % 7 >= 5 ? 300 : 420
    const weather = 9 * Math.max(0, 13 - days[day]!) + 14 * Math.max(0, days[day]! - 19)
    const power = base + weather + 60 * wave(hour) + (noiseKwh / 24) * errors[day]!
    return day < 365 ? power : power * (1 - saving)
  })
  const series = (values: readonly (number | null)[], unit: string, step = '1h') => ({
    values,
    start: '2023-01-01',
    step,
    unit,
  })
  const daily = (values: readonly number[]): readonly number[] =>
    Array.from({ length: madeDays }, (_, day) => values.slice(day * 24, day * 24 + 24).reduce((a, b) => a + b / 24, 0))
  const [dailyKw, dailyC] = [daily(powerKw), daily(temperatureC)]
  return {
    /** Means of hours and of days. */
    hourly: { powerKw, source: series(powerKw, 'kW'), temperature: series(temperatureC, 'degC') },
    daily: { powerKw: dailyKw, temperatureC: dailyC },
    source: series(dailyKw, 'kW', '1d'),
    temperature: series(dailyC, 'degC', '1d'),
    /** Energy of the days from one to another, kWh. */
    energyKwh: (from: number, to: number): number => dailyKw.slice(from, to).reduce((a, b) => a + 24 * b, 0),
    series,
  }
}
