/** Lower edges of the bins of solar elevation, degrees; each is split into before and after noon. */
const elevationEdgesDeg = [0, 5, 10, 20, 30, 45, 60] as const
/** Evidence that the chain as it is, and a bin's share in the general factor, count as: days. */
const priorDays = 5
/** Below this share of the array's largest modelled power a ratio says nothing. */
const leastShare = 0.02

/** What the Sun, the chain and the meter say, one value a step; NaN is missing. */
export interface PvEvidence {
  readonly measuredKw: Float64Array
  readonly modelledKw: Float64Array
  readonly elevationDeg: Float64Array
  /** Clockwise from north. */
  readonly azimuthDeg: Float64Array
  readonly stepHours: number
}

/** Factors on the modelled power by where the Sun stands. */
export interface PvCorrection {
  /** Of the array as a whole; 1 without evidence. */
  readonly general: number
  /** Days' worth of evidence. */
  readonly days: number
  factor(elevationDeg: number, azimuthDeg: number): number
}

/**
 * Learns what the physical chain gets wrong of an array (soiling, shading, orientation, losses): the factor that leaves the
 * least sum of absolute errors (the weighted median of the ratios, which half of the evidence may spoil without harm) for
 * the array, then for every bin of solar elevation before and after noon. Factors are pulled towards 1 and towards the
 * general factor until there is evidence.
 * Source: weighted median: Edgeworth 1887, in Bloomfield & Steiger, Least Absolute Deviations (1983); shrinkage: Efron &
 * Morris, Journal of the American Statistical Association 70 (1975) 311.
 *
 * @param before steps from here on are not looked at
 */
export function learnPvCorrection(evidence: PvEvidence, before: number): PvCorrection {
  const { measuredKw, modelledKw, elevationDeg, azimuthDeg, stepHours } = evidence
  let largest = 0
  for (let k = 0; k < before; k += 1) largest = Math.max(largest, modelledKw[k]! || 0)
  const bins = Array.from({ length: elevationEdgesDeg.length * 2 }, (): Ratio[] => [])
  for (let k = 0; k < before; k += 1) {
    const modelled = modelledKw[k]!
    const measured = measuredKw[k]!
    if (!(modelled > leastShare * largest) || Number.isNaN(measured)) continue
    bins[binOf(elevationDeg[k]!, azimuthDeg[k]!)]!.push({ ratio: measured / modelled, weight: modelled })
  }
  const all = bins.flat()
  // A day of evidence: as many hours of Sun as an array sees on a usual day.
  const sunHoursADay = 10
  const daysOf = (ratios: readonly Ratio[], hoursADay: number): number => (ratios.length * stepHours) / hoursADay
  const days = daysOf(all, sunHoursADay)
  const general = pulled(weightedMedian(all), days, 1)
  const factors = bins.map((ratios) =>
    // A bin is passed in an hour or two of a day.
    pulled(weightedMedian(ratios), Math.min(days, daysOf(ratios, 1.5)), general),
  )
  return { general, days, factor: (elevation, azimuth) => factors[binOf(elevation, azimuth)]! }
}

interface Ratio {
  readonly ratio: number
  readonly weight: number
}

const pulled = (found: number, days: number, towards: number): number =>
  days > 0 ? (days * found + priorDays * towards) / (days + priorDays) : towards

function binOf(elevationDeg: number, azimuthDeg: number): number {
  let bin = 0
  while (bin + 1 < elevationEdgesDeg.length && elevationDeg >= elevationEdgesDeg[bin + 1]!) bin += 1
  // Before noon the Sun stands in the east, on either hemisphere.
  return 2 * bin + (azimuthDeg < 180 ? 0 : 1)
}

/** Value at which half of the weight lies below; NaN of none. */
function weightedMedian(ratios: readonly Ratio[]): number {
  const sorted = [...ratios].sort((a, b) => a.ratio - b.ratio)
  const half = sorted.reduce((sum, { weight }) => sum + weight, 0) / 2
  let sum = 0
  for (const { ratio, weight } of sorted) {
    sum += weight
    if (sum >= half) return ratio
  }
  return Number.NaN
}
