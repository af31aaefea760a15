import type { Location } from '../kernel/index.ts'
import { weatherErrors } from './errors.ts'
import { erbsDecomposition } from './irradiance/decomposition.ts'
import { extraterrestrialSeriesWm2 } from './solar/extraterrestrial.ts'
import { solarPositions, standardPressurePa } from './solar/spa.ts'
import { daysBeforeMonth, daysOfMonth, hourMiddlesMs, hoursPerYear, missingColumns, type WeatherYear } from './year.ts'

/** Climate of a place by calendar month, twelve values each. */
export interface MonthlyNormals {
  /** Mean daily global horizontal irradiation, kWh/m2 a day. */
  readonly ghiKwhPerM2Day: readonly number[]
  /** Mean air temperature. */
  readonly temperatureC: readonly number[]
  /** Mean difference of the warmest and coldest hour of a day. Default 7 K. */
  readonly dailyRangeK?: readonly number[]
  /** Mean wind speed at 10 m. */
  readonly windSpeedMPerS: readonly number[]
}

export interface SyntheticYearOptions {
  readonly title: string
  readonly location: Location
  readonly zoneOffsetHours: number
  readonly normals: MonthlyNormals
  /** Same seed, same year. */
  readonly seed: number
}

/**
 * Makes an hourly year from monthly normals; it is marked synthetic and was never measured.
 * Days vary by a first-order autoregressive clearness, hours by passing clouds; monthly irradiation, mean temperature
 * and mean wind speed come out as given. Wind speeds follow a Weibull distribution of shape 2 (Rayleigh), correlated
 * from hour to hour. Beam and diffuse are split by Erbs 1982.
 * @throws {MangroveError} `weather.normals-invalid` when a month is missing, out of range or brighter than outer space
 */
export function syntheticYear(options: SyntheticYearOptions): WeatherYear {
  const { location, zoneOffsetHours, normals } = options
  checkNormals(normals)
  const middlesMs = hourMiddlesMs(zoneOffsetHours)
  const sun = solarPositions(middlesMs, location)
  const extra = extraterrestrialSeriesWm2(middlesMs)
  const normal = normalSource(options.seed)
  const out = missingColumns()
  const pressurePa = standardPressurePa(location.altitudeM)
  const top = new Float64Array(hoursPerYear)
  for (let h = 0; h < hoursPerYear; h += 1) {
    top[h] = (extra[h] as number) * Math.max(Math.cos(((sun.zenithDeg[h] as number) * Math.PI) / 180), 0)
  }
  let dayState = normal()
  let cloudState = normal()
  let windState = normal()
  for (let month = 0; month < 12; month += 1) {
    const first = (daysBeforeMonth[month] as number) * 24
    const hours = (daysOfMonth[month] as number) * 24
    const dayStates: number[] = []
    const clearness = new Float64Array(hours)
    const wind = new Float64Array(hours)
    for (let h = 0; h < hours; h += 1) {
      if (h % 24 === 0) {
        dayState = 0.4 * dayState + Math.sqrt(1 - 0.16) * normal()
        dayStates.push(dayState)
      }
      cloudState = 0.6 * cloudState + 0.8 * normal()
      windState = 0.9 * windState + Math.sqrt(1 - 0.81) * normal()
      clearness[h] = Math.exp(0.3 * dayState + 0.12 * cloudState)
      // Rayleigh by the probability of the normal state; 0.886 is its mean in units of the scale.
      const hourOfDay = h % 24
      const breeze = 1 + 0.2 * Math.sin(((hourOfDay - 9) / 24) * 2 * Math.PI)
      wind[h] = breeze * Math.sqrt(-Math.log(Math.max(1 - normalProbability(windState), 1e-9)))
    }
    const target = (normals.ghiKwhPerM2Day[month] as number) * (daysOfMonth[month] as number) * 1000
    const scale = clearnessScale(clearness, top.subarray(first, first + hours), target)
    if (Number.isNaN(scale)) {
      throw weatherErrors.normalsInvalid({
        detail: 'More sun than reaches the place',
        place: { path: `ghiKwhPerM2Day[${month}]` },
        found: normals.ghiKwhPerM2Day[month],
        expected: `at most ${((0.75 * sum(top.subarray(first, first + hours))) / (daysOfMonth[month] as number) / 1000).toFixed(2)} kWh/m2 a day`,
      })
    }
    const meanWind = sum(wind) / hours
    const meanState = sum(dayStates) / dayStates.length
    const range = normals.dailyRangeK?.[month] ?? 7
    for (let h = 0; h < hours; h += 1) {
      const at = first + h
      const ghi = (top[at] as number) * Math.min((clearness[h] as number) * scale, maxClearness)
      const parts = erbsDecomposition(ghi, sun.zenithDeg[at] as number, extra[at] as number)
      out.ghiWm2[at] = ghi
      out.dniWm2[at] = parts.dniWm2
      out.dhiWm2[at] = parts.dhiWm2
      const state = (dayStates[Math.floor(h / 24)] as number) - meanState
      // The warmest hour is 15:00; the middle of hour h is h + 0.5.
      const daily = 0.5 * range * Math.cos((((h % 24) + 0.5 - 15) / 24) * 2 * Math.PI)
      out.temperatureC[at] = (normals.temperatureC[month] as number) + daily + 1.2 * state
      out.windSpeedMPerS[at] =
        meanWind > 0 ? ((wind[h] as number) / meanWind) * (normals.windSpeedMPerS[month] as number) : 0
      out.pressurePa[at] = pressurePa
    }
  }
  return { kind: 'synthetic', title: options.title, location, zoneOffsetHours, ...out }
}

/** No hour is clearer than this share of the irradiance above the air. */
const maxClearness = 0.8

/** The factor on clearness that gives the month its energy with the upper bound in force; NaN when none does. */
function clearnessScale(clearness: Float64Array, top: Float64Array, target: number): number {
  const energy = (scale: number): number => {
    let total = 0
    for (let h = 0; h < top.length; h += 1) {
      total += (top[h] as number) * Math.min((clearness[h] as number) * scale, maxClearness)
    }
    return total
  }
  if (target === 0) return 0
  if (target > 0.75 * sum(top)) return Number.NaN
  let low = 0
  let high = 1
  while (energy(high) < target && high < 1e6) high *= 2
  for (let i = 0; i < 80; i += 1) {
    const middle = (low + high) / 2
    if (energy(middle) < target) low = middle
    else high = middle
  }
  return high
}

function checkNormals(normals: MonthlyNormals): void {
  const rules = [
    { name: 'ghiKwhPerM2Day', values: normals.ghiKwhPerM2Day, minimum: 0, maximum: 14, unit: 'kWh/m2 a day' },
    { name: 'temperatureC', values: normals.temperatureC, minimum: -80, maximum: 60, unit: '°C' },
    { name: 'windSpeedMPerS', values: normals.windSpeedMPerS, minimum: 0, maximum: 40, unit: 'm/s' },
    { name: 'dailyRangeK', values: normals.dailyRangeK, minimum: 0, maximum: 40, unit: 'K' },
  ]
  for (const { name, values, minimum, maximum, unit } of rules) {
    if (values === undefined) continue
    const expected = `twelve numbers of ${unit} from ${minimum} to ${maximum}`
    if (values.length !== 12) {
      throw weatherErrors.normalsInvalid({
        detail: `${name} needs a value a month`,
        place: { path: name },
        found: values.length,
        expected,
      })
    }
    const wrong = values.findIndex((value) => !(value >= minimum && value <= maximum))
    if (wrong >= 0) {
      throw weatherErrors.normalsInvalid({
        detail: `${name} is out of range`,
        place: { path: `${name}[${wrong}]` },
        found: values[wrong],
        expected,
      })
    }
  }
}

const sum = (values: Iterable<number>): number => {
  let total = 0
  for (const value of values) total += value
  return total
}

/** Standard normal numbers: xorshift32 (Marsaglia 2003) through Box–Muller. */
function normalSource(seed: number): () => number {
  let state = (Math.trunc(seed) ^ 0x9e3779b9) | 0 || 1
  const uniform = (): number => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return ((state >>> 0) + 0.5) / 4_294_967_296
  }
  for (let i = 0; i < 20; i += 1) uniform()
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
}

/** Standard normal distribution function, error below 1e-7. Source: Abramowitz & Stegun 26.2.17. */
function normalProbability(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x))
  const tail =
    (Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI)) *
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  return x >= 0 ? 1 - tail : tail
}
