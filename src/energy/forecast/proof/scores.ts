/** Sums from which scores are made; what is missing is left out of all of them. */
export interface ScoreSums {
  count: number
  absolute: number
  squared: number
  /** Sum of the actual values' sizes. */
  size: number
  /** Pinball loss summed over all levels, and how many there were. */
  pinball: number
  pinballCount: number
  /** Steps with an interval, and those whose actual value lay in it. */
  intervals: number
  covered: number
}

export const noScores = (): ScoreSums => ({
  count: 0,
  absolute: 0,
  squared: 0,
  size: 0,
  pinball: 0,
  pinballCount: 0,
  intervals: 0,
  covered: 0,
})

/** Quantiles of a forecast: `values[j]` belongs to `levels[j]`, levels rising. */
export interface Quantiles {
  readonly levels: readonly number[]
  readonly values: readonly Float64Array[]
}

/** Pinball loss of a quantile. Source: Koenker & Bassett, Econometrica 46 (1978) 33. */
export const pinballLoss = (actual: number, quantile: number, level: number): number =>
  actual >= quantile ? level * (actual - quantile) : (1 - level) * (quantile - actual)

/** Adds one forecast. The interval runs from the lowest to the highest level, when these are two. */
export function addScores(sums: ScoreSums, actual: Float64Array, median: Float64Array, quantiles?: Quantiles): void {
  const low = quantiles?.values[0]
  const high = quantiles?.values.at(-1)
  for (let k = 0; k < median.length; k += 1) {
    const value = actual[k]!
    const error = value - median[k]!
    if (Number.isNaN(error)) continue
    sums.count += 1
    sums.absolute += Math.abs(error)
    sums.squared += error * error
    sums.size += Math.abs(value)
    if (!quantiles) continue
    quantiles.levels.forEach((level, j) => {
      sums.pinball += pinballLoss(value, quantiles.values[j]![k]!, level)
      sums.pinballCount += 1
    })
    if (!low || !high || low === high) continue
    sums.intervals += 1
    if (value >= low[k]! && value <= high[k]!) sums.covered += 1
  }
}

export const meanAbsoluteError = ({ absolute, count }: ScoreSums): number => absolute / count
export const rootMeanSquareError = ({ squared, count }: ScoreSums): number => Math.sqrt(squared / count)
/** Mean absolute error over the mean size of what was measured; NaN when that is nothing. */
export const normalisedError = ({ absolute, size }: ScoreSums): number => (size > 0 ? absolute / size : Number.NaN)
export const meanPinball = ({ pinball, pinballCount }: ScoreSums): number => pinball / pinballCount
export const coverage = ({ covered, intervals }: ScoreSums): number => covered / intervals
