import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../kernel/index.ts'
import { binRows } from './bins.ts'
import { type BoostOptions, boost } from './boost.ts'

/** One full step of one tree over all rows: what it says can be reckoned by hand. */
const oneTree: BoostOptions = {
  trees: 1,
  leaves: 2,
  rate: 1,
  leastRows: 1,
  rowShare: 1,
  featureShare: 1,
  l2: 0,
  loss: 'squared',
}

async function answers(
  values: readonly number[],
  targets: readonly number[],
  options: Partial<BoostOptions> = {},
  asked: readonly number[] = values,
): Promise<number[]> {
  const binned = await binRows(Float64Array.from(values), 1)
  const { predict } = await boost(
    binned,
    Float64Array.from(targets),
    { ...oneTree, ...options },
    { random: seededRandom(1) },
  )
  return Array.from(predict(Float64Array.from(asked)))
}

describe('boosted trees', () => {
  it('split where the sum of squares falls most: by hand, 1 2 | 3 4', async () => {
    // Mean 5; residuals −5 −3 3 5. Gains: after 1: 25 + 25/3 = 33.3, after 2: 64/2 + 64/2 = 64, after 3: 33.3.
    expect(await answers([1, 2, 3, 4], [0, 2, 8, 10])).toEqual([1, 1, 9, 9])
  })

  it('split the leaf that gains most next', async () => {
    // Mean 6. First 1 2 3 4 | 5 6 (residuals −6 −6 −2 −2 | 8 8), then the left leaf falls into −6 and −2.
    expect(await answers([1, 2, 3, 4, 5, 6], [0, 0, 4, 4, 14, 14], { leaves: 3 })).toEqual([0, 0, 4, 4, 14, 14])
  })

  it('shrink leaves by l2: a sum of residuals of 10 over 2 + 2 rows', async () => {
    // The start is the mean, 5; each leaf has two residuals of 5: 5 ± 10 / 4.
    expect(await answers([1, 2, 3, 4], [0, 0, 10, 10], { l2: 2 })).toEqual([2.5, 2.5, 7.5, 7.5])
  })

  it('heed the least number of rows in a leaf', async () => {
    // Alone, 1 | 2 3 4 would gain most.
    expect(await answers([1, 2, 3, 4], [0, 9, 9, 10], { leastRows: 2 })).toEqual([4.5, 4.5, 9.5, 9.5])
  })

  it('send missing values to the side where they belong', async () => {
    const missing = Number.NaN
    expect(await answers([1, 2, 3, 4, missing], [0, 0, 10, 10, 10])).toEqual([0, 0, 10, 10, 10])
    expect(await answers([1, 2, 3, 4, missing], [0, 0, 10, 10, 0])).toEqual([0, 0, 10, 10, 0])
  })

  it('take medians and other quantiles in their leaves when asked for', async () => {
    const values = [1, 1, 1, 1, 1, 2, 2, 2, 2, 2]
    const targets = [0, 1, 2, 3, 100, 50, 51, 52, 53, 900]
    expect(await answers(values, targets, { loss: 0.5 }, [1, 2])).toEqual([2, 52])
  })

  it('say the same for the same seed, and something else for another', async () => {
    const random = seededRandom(5)
    const values = Float64Array.from({ length: 600 }, () => random.next())
    const targets = Float64Array.from({ length: 200 }, (_, r) => values[3 * r]! + random.next())
    const binned = await binRows(values, 3)
    const options = { ...oneTree, trees: 20, leaves: 8, rate: 0.1, rowShare: 0.7, featureShare: 0.5, leastRows: 5 }
    const run = async (seed: number) =>
      (await boost(binned, targets, options, { random: seededRandom(seed) })).predict(values)
    expect(await run(1)).toEqual(await run(1))
    expect(await run(1)).not.toEqual(await run(2))
  })

  it('never leave the range of what they have seen', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 4, maxLength: 40 }),
        async (targets) => {
          const found = await answers(
            targets.map((_, r) => r % 7),
            targets,
            { leaves: 4 },
            [-100, 3, 100],
          )
          for (const value of found) {
            expect(value).toBeGreaterThanOrEqual(Math.min(...targets) - 1e-9)
            expect(value).toBeLessThanOrEqual(Math.max(...targets) + 1e-9)
          }
        },
      ),
      { numRuns: 60 },
    )
  })
})
