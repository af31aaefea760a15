import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../kernel/index.ts'
import { normalOf } from '../made-load.fixture.ts'
import { binRows } from './bins.ts'
import { growForest, usualForest } from './forest.ts'

describe('quantile forest', () => {
  it('answers with the values of the leaf: by hand', async () => {
    const binned = await binRows(Float64Array.from([0, 0, 0, 0, 1, 1, 1, 1]), 1)
    const options = { ...usualForest, trees: 1, leastRows: 4, rowShare: 1, featureShare: 1 }
    const targets = Float64Array.from([4, 2, 3, 1, 10, 40, 30, 20])
    const forest = await growForest(binned, targets, options, { random: seededRandom(1) })
    // Four values of equal weight stand at 1/8, 3/8, 5/8 and 7/8.
    const [low, middle, high] = forest.quantiles(Float64Array.from([0, 1]), [0.125, 0.5, 0.75])
    expect(Array.from(low!)).toEqual([1, 10])
    expect(Array.from(middle!)).toEqual([2.5, 25])
    expect(Array.from(high!)).toEqual([3.5, 35])
  })

  it('learns where the spread is wide: noise of 1 left and of 5 right', async () => {
    const random = seededRandom(3)
    const values = Float64Array.from({ length: 4000 }, () => random.next())
    const targets = values.map((value) => (value < 0.5 ? 1 : 5) * normalOf(random))
    const forest = await growForest(await binRows(values, 1), targets, { ...usualForest, leastRows: 100 }, { random })
    const [low, high] = forest.quantiles(Float64Array.from([0.2, 0.8]), [0.1, 0.9])
    // 2 · 1.2816 standard deviations of the normal distribution hold 80 %.
    expect(high![0]! - low![0]!).toBeGreaterThan(0.8 * 2.563)
    expect(high![0]! - low![0]!).toBeLessThan(1.2 * 2.563)
    expect(high![1]! - low![1]!).toBeGreaterThan(0.8 * 12.82)
    expect(high![1]! - low![1]!).toBeLessThan(1.2 * 12.82)
  })
})
