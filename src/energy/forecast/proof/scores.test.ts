import { describe, expect, it } from 'vitest'
import * as score from './scores.ts'

describe('scores', () => {
  it('are reckoned by hand, without what is missing', () => {
    const sums = score.noScores()
    const levels = [0.1, 0.9]
    const values = [Float64Array.of(8, 8, 8), Float64Array.of(12, 12, 12)]
    score.addScores(sums, Float64Array.of(11, Number.NaN, 14), Float64Array.of(10, 10, 10), { levels, values })
    expect(score.meanAbsoluteError(sums)).toBe(2.5)
    expect(score.rootMeanSquareError(sums)).toBeCloseTo(Math.sqrt((1 + 16) / 2), 12)
    expect(score.normalisedError(sums)).toBeCloseTo(5 / 25, 12)
    // 0.1 · (11 − 8), 0.1 · (12 − 11), 0.1 · (14 − 8), 0.9 · (14 − 12).
    expect(score.meanPinball(sums)).toBeCloseTo((0.3 + 0.1 + 0.6 + 1.8) / 4, 12)
    expect(score.coverage(sums)).toBe(0.5)
  })

  it('are least for the true quantile', () => {
    const actual = Array.from({ length: 99 }, (_, k) => k + 1)
    const loss = (quantile: number): number =>
      actual.reduce((sum, value) => sum + score.pinballLoss(value, quantile, 0.8), 0)
    expect(loss(80)).toBeLessThan(loss(79))
    expect(loss(80)).toBeLessThan(loss(81.5))
  })
})
