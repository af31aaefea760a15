import { carbonErrors } from '../errors.ts'

/**
 * How good the data of a term are, each from 1 (very good) to 5 (very poor). The indicators are those of the GHG Protocol Product
 * Standard (2011), Table 8.3, scored as a pedigree matrix (Weidema and Wesnæs 1996).
 */
export interface DataQuality {
  readonly technology: number
  readonly time: number
  readonly geography: number
  readonly completeness: number
  readonly reliability: number
}

const indicators = ['technology', 'time', 'geography', 'completeness', 'reliability'] as const

/** Mean of the five indicators. @throws `carbon.bad-uncertainty` */
export function qualityScore(quality: DataQuality): number {
  for (const name of indicators) {
    const value = quality[name]
    if (value >= 1 && value <= 5) continue
    throw carbonErrors.badUncertainty({
      detail: `The indicator ${name} is out of range`,
      found: value,
      expected: '1 (very good) to 5 (very poor)',
    })
  }
  return indicators.reduce((sum, name) => sum + quality[name], 0) / indicators.length
}

/** A term of a total: its emissions and the score of its data; a term without one is told apart, never taken for good. */
export interface ScoredTerm {
  readonly value: number
  readonly score?: number
}

export interface TotalQuality {
  /** Mean score weighted by the absolute emissions; `null` where nothing was scored. */
  readonly score: number | null
  /** Share of the absolute emissions that has a score. */
  readonly scoredShare: number
}

/** The score of a total. */
export function totalQuality(terms: readonly ScoredTerm[]): TotalQuality {
  let [weighted, scored, all] = [0, 0, 0]
  for (const { value, score } of terms) {
    const weight = Math.abs(value)
    all += weight
    if (score === undefined) continue
    scored += weight
    weighted += weight * score
  }
  return { score: scored === 0 ? null : weighted / scored, scoredShare: all === 0 ? 0 : scored / all }
}
