/**
 * The temperatures behind each observation, °C: one for a day or an hour, one a day for a billing period, so that degree
 * days are summed day by day (Kissock, Haberl and Claridge 2003, variable-base degree-day models).
 */
export interface Temperatures {
  /** Where the values of each observation begin; one more at the end. */
  readonly starts: Int32Array
  readonly values: Float64Array
}

type Feature = (temperatures: Temperatures) => Float64Array

const meanOf =
  (feature: (celsius: number) => number): Feature =>
  ({ starts, values }) => {
    const means = new Float64Array(starts.length - 1)
    for (let i = 0; i < means.length; i += 1) {
      let sum = 0
      for (let j = starts[i]!; j < starts[i + 1]!; j += 1) sum += feature(values[j]!)
      means[i] = sum / (starts[i + 1]! - starts[i]!)
    }
    return means
  }

export const meanTemperature: Feature = meanOf((celsius) => celsius)
/** Mean kelvins below a balance point: heating degree days a day. */
export const heatingDegrees = (pointC: number): Feature => meanOf((celsius) => Math.max(0, pointC - celsius))
/** Mean kelvins above a balance point: cooling degree days a day. */
export const coolingDegrees = (pointC: number): Feature => meanOf((celsius) => Math.max(0, celsius - pointC))
/** Share of the values below a point: how heating degrees grow with it. */
export const shareBelow = (pointC: number): Feature => meanOf((celsius) => Number(celsius < pointC))
/** Share of the values above a point: how cooling degrees shrink with it. */
export const shareAbove = (pointC: number): Feature => meanOf((celsius) => Number(celsius > pointC))

/** One temperature for each observation. */
export const oneEach = (values: Float64Array): Temperatures => ({
  starts: Int32Array.from({ length: values.length + 1 }, (_, k) => k),
  values,
})

/** The temperatures of some of the observations. */
export function pickTemperatures({ starts, values }: Temperatures, chosen: Int32Array): Temperatures {
  const parts = Array.from(chosen, (i) => values.subarray(starts[i]!, starts[i + 1]!))
  const ends = Int32Array.of(0, ...parts.map(({ length }) => length))
  for (let k = 1; k < ends.length; k += 1) ends[k]! += ends[k - 1]!
  const picked = new Float64Array(ends[ends.length - 1]!)
  parts.forEach((part, k) => {
    picked.set(part, ends[k]!)
  })
  return { starts: ends, values: picked }
}
