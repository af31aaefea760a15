import { groupedRegression } from './grouped-regression.ts'
import type { ModelForm, Term } from './model.ts'
import type { Observations } from './observations.ts'
import { coolingDegrees, heatingDegrees, meanTemperature } from './temperatures.ts'

const celsius = (fahrenheit: number): number => (fahrenheit - 32) / 1.8

/** Ends of the temperature bins, °C (CalTRACK 3.9.1.1). */
export const binEndsC: readonly number[] = [30, 45, 55, 65, 75, 90].map(celsius)
/** Balance points of the regression that tells occupied hours, °C (CalTRACK 3.8.3). */
const occupancyPointsC = { heating: celsius(50), cooling: celsius(65) }
/** Share of hours above that regression from which an hour of the week is occupied (CalTRACK 3.8.4). */
const occupiedShare = 0.65
/** Hours that a bin needs (CalTRACK 3.9.1.2). */
const leastHours = 20

/** The part of a temperature that lies in one bin (CalTRACK 3.9.1.3 to 3.9.1.5). */
function binPart(temperatureC: number, endsC: readonly number[], bin: number): number {
  const above = endsC[bin] ?? Number.POSITIVE_INFINITY
  const reached = Math.min(temperatureC, above)
  return bin === 0 ? reached : Math.max(0, reached - endsC[bin - 1]!)
}

/** The parts in all bins; they add up to the temperature. */
export const binParts = (temperatureC: number, endsC: readonly number[]): readonly number[] =>
  Array.from({ length: endsC.length + 1 }, (_, bin) => binPart(temperatureC, endsC, bin))

/** Bin ends with enough hours between them; a bin with fewer joins the one above, the last the one below. */
export function validBinEnds(temperaturesC: Float64Array, endsC: readonly number[] = binEndsC): readonly number[] {
  const counts = new Int32Array(endsC.length + 1)
  for (const value of temperaturesC) counts[endsC.filter((end) => value > end).length]! += 1
  const poor = counts.findIndex((count) => count < leastHours)
  if (poor < 0 || endsC.length === 0) return endsC
  const dropped = Math.min(poor, endsC.length - 1)
  return validBinEnds(
    temperaturesC,
    endsC.filter((_, k) => k !== dropped),
  )
}

/** Hours of the week whose use lies above what temperature explains, most of the time. */
function occupiedHours(observations: Observations): Uint8Array {
  const { temperatures, rate, weight, hourOfWeek } = observations
  const features = [heatingDegrees(occupancyPointsC.heating), coolingDegrees(occupancyPointsC.cooling)].map((feature) =>
    feature(temperatures!),
  )
  const regression = { target: rate, weight, group: new Int32Array(rate.length), groups: 1 }
  const fit = [features, features.slice(0, 1), features.slice(1), []]
    .map((columns) => groupedRegression({ ...regression, columns }))
    .find((found) => found !== undefined)!
  const [hours, above] = [new Int32Array(168), new Int32Array(168)]
  fit.residuals.forEach((residual, i) => {
    hours[hourOfWeek[i]!]! += 1
    above[hourOfWeek[i]!]! += Number(residual > 0)
  })
  return Uint8Array.from(hours, (count, hour) => Number(above[hour]! > occupiedShare * count))
}

/**
 * Time of week and temperature (Mathieu, Price, Kiliccote and Piette 2011, IEEE Trans. Smart Grid 2, 507): an intercept for
 * each hour of the week, and a line broken at the bin ends for occupied and for unoccupied hours, as CalTRACK 3.8 to 3.11
 * fixes it, one model for the year (3.7.5.1).
 */
export function timeOfWeekForm(
  observations: Observations,
  others: readonly Term[],
  withTemperature: boolean,
): ModelForm {
  const form = { grouping: 'hour-of-week', changePoints: {}, shifts: () => [] } as const
  const { temperatures } = observations
  if (!withTemperature || !temperatures) return { ...form, shape: 'TOW', terms: others }
  const ends = validBinEnds(meanTemperature(temperatures))
  const occupied = occupiedHours(observations)
  const inState = (wanted: Observations, i: number, state: number): boolean => occupied[wanted.hourOfWeek[i]!] === state
  const terms = [1, 0].flatMap((state) =>
    Array.from({ length: ends.length + 1 }, (_, bin) => bin)
      .filter((bin) => varies(observations, ends, bin, (i) => inState(observations, i, state)))
      .map((bin): Term => {
        const name = `${state === 1 ? 'occupied' : 'unoccupied'} ${binName(ends, bin)}`
        const values: Term['values'] = (wanted) =>
          meanTemperature(wanted.temperatures!).map((value, i) =>
            inState(wanted, i, state) ? binPart(value, ends, bin) : 0,
          )
        return { name, unit: 'K', values }
      }),
  )
  return { ...form, shape: 'TOWT', terms: [...terms, ...others] }
}

/** Whether a state's hours reach into a bin: of one that they never enter or never leave there is no slope to find. */
function varies(
  { temperatures }: Observations,
  ends: readonly number[],
  bin: number,
  chosen: (i: number) => boolean,
): boolean {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  meanTemperature(temperatures!).forEach((value, i) => {
    if (!chosen(i)) return
    const part = binPart(value, ends, bin)
    least = Math.min(least, part)
    most = Math.max(most, part)
  })
  return most > least
}

function binName(ends: readonly number[], bin: number): string {
  const [below, above] = [ends[bin - 1], ends[bin]].map((end) =>
    end === undefined ? undefined : `${end.toFixed(1)} °C`,
  )
  if (below === undefined) return above === undefined ? 'all temperatures' : `below ${above}`
  return above === undefined ? `above ${below}` : `${below} to ${above}`
}
