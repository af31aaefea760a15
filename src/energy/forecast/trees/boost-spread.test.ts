import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../kernel/index.ts'
import { normalOf } from '../made-load.fixture.ts'
import { noPause } from '../pause.ts'
import { binRows } from './bins.ts'
import { boostSpread } from './boost-spread.ts'

const random = seededRandom(6)
const values = Float64Array.from({ length: 3000 }, () => random.next())
const targets = values.map((value) => 10 * value + (value < 0.5 ? 1 : 4) * normalOf(random))
const median = Float64Array.of(2, 8)
const spreadOf = async (levels: readonly number[]) => {
  const luck = { random: seededRandom(1), pause: noPause }
  return (await boostSpread(await binRows(values, 1), targets, levels, luck))(Float64Array.of(0.2, 0.8), median)
}

describe('boosted spread', () => {
  it('is wide where the noise is: 2 · 1.28 standard deviations of 1 and of 4', async () => {
    const [low, middle, high] = await spreadOf([0.1, 0.5, 0.9])
    expect(middle).toEqual(median)
    expect((high![0]! - low![0]!) / 2.563).toBeCloseTo(1, 0)
    expect((high![1]! - low![1]!) / 2.563).toBeGreaterThan(3)
    expect((high![1]! - low![1]!) / 2.563).toBeLessThan(5)
  })

  it('places levels between the outer ones and the median in order', async () => {
    const levels = [0.1, 0.25, 0.4, 0.6, 0.75, 0.9]
    const found = await spreadOf(levels)
    for (const k of [0, 1]) {
      const own = found.map((level) => level[k]!)
      expect(own.toSorted((a, b) => a - b)).toEqual(own)
      expect(own[1]! - median[k]!).toBeCloseTo((own[0]! - median[k]!) * (Math.log(1 / 3) / Math.log(1 / 9)), 9)
    }
  })

  it('has one side alone where all levels are on it', async () => {
    const [only] = await spreadOf([0.8])
    expect(only![1]).toBeGreaterThan(8)
  })
})
