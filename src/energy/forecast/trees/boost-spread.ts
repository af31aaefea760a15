import type { Random } from '../../../kernel/index.ts'
import type { Pause } from '../pause.ts'
import type { BinnedRows } from './bins.ts'
import { type Boosted, boost, usualBoost } from './boost.ts'

/** Quantiles, one array a level, for features given row by row and their medians. */
export type Spreader = (values: Float64Array, median: Float64Array) => readonly Float64Array[]

const logit = (level: number): number => Math.log(level / (1 - level))

/**
 * Boosted trees for the outermost levels below and above the middle. Levels between them and the median are placed as in a
 * logistic distribution, whose quantiles go with ln(p / (1 − p)): many levels cost no more than two.
 *
 * @param levels rising
 */
export async function boostSpread(
  binned: BinnedRows,
  targets: Float64Array,
  levels: readonly number[],
  luck: { readonly random: Random; readonly pause: Pause },
): Promise<Spreader> {
  const learn = async (level: number | undefined): Promise<{ level: number; model: Boosted } | undefined> =>
    level === undefined
      ? undefined
      : { level, model: await boost(binned, targets, { ...usualBoost, loss: level }, luck) }
  const low = await learn(levels.find((level) => level < 0.5))
  const high = await learn(levels.findLast((level) => level > 0.5))
  return (values, median) => {
    const below = low?.model.predict(values)
    const above = high?.model.predict(values)
    return levels.map((level) => {
      const outer = level < 0.5 ? below : level > 0.5 ? above : undefined
      const outerLevel = level < 0.5 ? low?.level : high?.level
      if (!outer || outerLevel === undefined) return median.slice()
      const share = logit(level) / logit(outerLevel)
      const sign = Math.sign(level - 0.5)
      // A model of its own may cross the median; it says no spread there.
      return median.map((value, k) => value + share * sign * Math.max(0, sign * (outer[k]! - value)))
    })
  }
}
