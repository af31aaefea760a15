import { type Location, type StepGrid, type TimeGrid, uniformGrids } from '../kernel/index.ts'
import { weatherErrors } from './errors.ts'
import { extraterrestrialSeriesWm2 } from './solar/extraterrestrial.ts'
import { type SunPositions, solarPositions } from './solar/spa.ts'
import { daysBeforeMonth, hoursPerYear, type WeatherColumns, type WeatherYear } from './year.ts'

const hourMs = 3_600_000
const RAD = Math.PI / 180

/** Weather on the steps of a grid: means over each step, the Sun at its middle. NaN = missing. */
export interface GridWeather {
  readonly grid: StepGrid
  readonly location: Location
  /** True when any value was made up from climate normals. */
  readonly synthetic: boolean
  readonly kind: WeatherYear['kind']
  readonly ghiWm2: Float64Array
  readonly dniWm2: Float64Array
  readonly dhiWm2: Float64Array
  readonly temperatureC: Float64Array
  readonly windSpeedMPerS: Float64Array
  readonly pressurePa: Float64Array
  readonly extraterrestrialWm2: Float64Array
  /** Positions at the middles of the steps. */
  readonly sun: SunPositions
}

/**
 * Lays a year of hourly weather on any grid of UTC time: same month, day and hour in the standard time of the file
 * (29 February takes 28 February). Within an hour the clearness index is constant: horizontal
 * irradiance follows the sine of the Sun's height and each hour keeps its energy; beam is spread over the part of the
 * hour with the Sun up. Temperature, wind and pressure run
 * linearly between the middles of hours. Steps that divide the hour and whole multiples of it are supported.
 * @param location where the Sun is computed; default the location of the file
 * @throws {MangroveError} `weather.grid-unsupported` when the step neither divides nor is a multiple of an hour, or the
 *   grid is not aligned to the hours of the file
 */
export function weatherOnGrid(year: WeatherYear, grid: StepGrid, location: Location = year.location): GridWeather {
  const parts = uniformGrids(grid).map((part) => weatherOnUniformGrid(year, part, location))
  const [first] = parts as [GridWeather]
  if (parts.length === 1) return first
  const joined = (of: (part: GridWeather) => Float64Array): Float64Array => {
    const whole = new Float64Array(grid.count)
    let from = 0
    for (const part of parts) {
      whole.set(of(part), from)
      from += part.grid.count
    }
    return whole
  }
  return {
    grid,
    location,
    kind: first.kind,
    synthetic: first.synthetic,
    ghiWm2: joined((part) => part.ghiWm2),
    dniWm2: joined((part) => part.dniWm2),
    dhiWm2: joined((part) => part.dhiWm2),
    temperatureC: joined((part) => part.temperatureC),
    windSpeedMPerS: joined((part) => part.windSpeedMPerS),
    pressurePa: joined((part) => part.pressurePa),
    extraterrestrialWm2: joined((part) => part.extraterrestrialWm2),
    sun: {
      zenithDeg: joined((part) => part.sun.zenithDeg),
      apparentZenithDeg: joined((part) => part.sun.apparentZenithDeg),
      azimuthDeg: joined((part) => part.sun.azimuthDeg),
      radiusAu: joined((part) => part.sun.radiusAu),
    },
  }
}

function weatherOnUniformGrid(year: WeatherYear, grid: TimeGrid, location: Location): GridWeather {
  const fineMs = Math.min(grid.stepMs, hourMs)
  const offsetMs = year.zoneOffsetHours * hourMs
  const valid = fineMs > 0 && hourMs % fineMs === 0 && grid.stepMs % fineMs === 0
  if (!valid || (grid.startMs + offsetMs) % fineMs !== 0) {
    throw weatherErrors.gridUnsupported({
      detail: 'Weather is hourly and cannot be laid on this step',
      found: `${grid.stepMs / 60_000} min from ${new Date(grid.startMs).toISOString()}`,
      expected: `a step that divides an hour or is whole hours, aligned to the hours at UTC offset ${year.zoneOffsetHours}`,
    })
  }
  // Whole hours around the grid, so that the shape of a cut hour is known; the surplus is left out at the end.
  const firstHourMs = Math.floor((grid.startMs + offsetMs) / hourMs) * hourMs - offsetMs
  const endMs = grid.startMs + grid.count * grid.stepMs
  const hours = Math.ceil((endMs - firstHourMs) / hourMs)
  const perHour = hourMs / fineMs
  const middlesMs = new Float64Array(hours * perHour)
  for (let k = 0; k < middlesMs.length; k += 1) middlesMs[k] = firstHourMs + (k + 0.5) * fineMs
  const fine = fineValues(
    year,
    { firstHourMs: firstHourMs + offsetMs, hours, perHour },
    solarPositions(middlesMs, location),
  )
  const skip = (grid.startMs - firstHourMs) / fineMs
  const perStep = grid.stepMs / fineMs
  const onSteps = (values: Float64Array): Float64Array => meansOf(values, { skip, perStep, count: grid.count })
  const stepMiddlesMs = new Float64Array(grid.count)
  for (let k = 0; k < grid.count; k += 1) stepMiddlesMs[k] = grid.startMs + (k + 0.5) * grid.stepMs
  return {
    grid,
    location,
    kind: year.kind,
    synthetic: year.kind === 'synthetic',
    ghiWm2: onSteps(fine.ghiWm2),
    dniWm2: onSteps(fine.dniWm2),
    dhiWm2: onSteps(fine.dhiWm2),
    temperatureC: onSteps(fine.temperatureC),
    windSpeedMPerS: onSteps(fine.windSpeedMPerS),
    pressurePa: onSteps(fine.pressurePa),
    extraterrestrialWm2: extraterrestrialSeriesWm2(stepMiddlesMs),
    sun: solarPositions(stepMiddlesMs, location),
  }
}

/** Hour 0 to 8759 of the 365-day year of a local time given as if it were UTC; 29 February is 28 February. */
export function hourOfYear(localMs: number): number {
  const date = new Date(localMs)
  const month = date.getUTCMonth()
  const day = month === 1 ? Math.min(date.getUTCDate(), 28) : date.getUTCDate()
  return ((daysBeforeMonth[month] as number) + day - 1) * 24 + date.getUTCHours()
}

interface HourSpan {
  /** Local standard time as if it were UTC. */
  readonly firstHourMs: number
  readonly hours: number
  readonly perHour: number
}

function fineValues(year: WeatherYear, span: HourSpan, sun: SunPositions): WeatherColumns {
  const { hours, perHour } = span
  const column = (): Float64Array => new Float64Array(hours * perHour)
  const out: WeatherColumns = {
    ghiWm2: column(),
    dniWm2: column(),
    dhiWm2: column(),
    temperatureC: column(),
    windSpeedMPerS: column(),
    pressurePa: column(),
  }
  for (let h = 0; h < hours; h += 1) {
    const hour = hourOfYear(span.firstHourMs + h * hourMs)
    const ahead = hour === hoursPerYear - 1 ? 0 : hour + 1
    const behind = hour === 0 ? hoursPerYear - 1 : hour - 1
    let heights = 0
    let up = 0
    for (let j = 0; j < perHour; j += 1) {
      const height = Math.cos((sun.zenithDeg[h * perHour + j] as number) * RAD)
      heights += Math.max(height, 0)
      if (height > 0) up += 1
    }
    for (let j = 0; j < perHour; j += 1) {
      const at = h * perHour + j
      const height = Math.max(Math.cos((sun.zenithDeg[at] as number) * RAD), 0)
      const share = perHour === 1 || heights === 0 ? 1 : (height * perHour) / heights
      const beamShare = perHour === 1 || up === 0 ? 1 : height > 0 ? perHour / up : 0
      out.ghiWm2[at] = (year.ghiWm2[hour] as number) * share
      out.dhiWm2[at] = (year.dhiWm2[hour] as number) * share
      out.dniWm2[at] = (year.dniWm2[hour] as number) * beamShare
      const position = (j + 0.5) / perHour - 0.5
      const other = position < 0 ? behind : ahead
      const weight = Math.abs(position)
      out.temperatureC[at] = blend(year.temperatureC, hour, other, weight)
      out.windSpeedMPerS[at] = blend(year.windSpeedMPerS, hour, other, weight)
      out.pressurePa[at] = blend(year.pressurePa, hour, other, weight)
    }
  }
  return out
}

/** Linear between two hours; a missing neighbour leaves the hour's own value. */
function blend(values: Float64Array, hour: number, other: number, weight: number): number {
  const own = values[hour] as number
  const neighbour = values[other] as number
  return weight === 0 || Number.isNaN(neighbour) ? own : own + (neighbour - own) * weight
}

function meansOf(
  values: Float64Array,
  part: { readonly skip: number; readonly perStep: number; readonly count: number },
): Float64Array {
  const { skip, perStep, count } = part
  if (perStep === 1) return values.slice(skip, skip + count)
  const out = new Float64Array(count)
  for (let k = 0; k < count; k += 1) {
    let sum = 0
    for (let j = 0; j < perStep; j += 1) sum += values[skip + k * perStep + j] as number
    out[k] = sum / perStep
  }
  return out
}
