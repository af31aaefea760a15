import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../kernel/index.ts'
import { normalOf } from '../made-load.fixture.ts'
import { fitLinear, predictLinear, type SlotRows, usualLinear } from './slot-planes.ts'

/** Two slots, 200 rows each: target = (1 + slot) · term + noise; the first `odd` rows are far off. */
function rowsWith(odd: number): SlotRows {
  const random = seededRandom(2)
  const count = 400
  const values = Float64Array.from({ length: count }, () => 10 * random.next())
  const slot = Int16Array.from(values, (_, r) => r % 2)
  const targets = values.map((value, r) => (1 + slot[r]!) * value + 0.1 * normalOf(random) + (r < odd ? 100 : 0))
  return { terms: 1, slots: 2, values, slot, targets, fold: Uint8Array.from(values, (_, r) => (r >> 1) % 4) }
}
const options = { ...usualLinear, wantedRows: 1 }

describe('linear models by slot', () => {
  it('learn each slot apart and are hardly bent by a tenth of the rows that are far off', async () => {
    const { planes } = await fitLinear(rowsWith(40), options)
    expect(planes[0]!.slopes[0]).toBeCloseTo(1, 1)
    expect(planes[1]!.slopes[0]).toBeCloseTo(2, 1)
    expect(Math.abs(planes[0]!.constant)).toBeLessThan(0.3)
  })

  it('predict a left-out fold by planes that have not seen it', async () => {
    const rows = rowsWith(0)
    const changed = { ...rows, targets: rows.targets.map((value, r) => value + (rows.fold[r] === 1 ? 50 : 0)) }
    // Plain least squares, which every row moves.
    const squares = { ...options, rounds: 0, shrinks: [0.01] }
    const [own, other] = [await fitLinear(rows, squares), await fitLinear(changed, squares)]
    expect(other.without[1]![0]!.slopes[0]).toBeCloseTo(own.without[1]![0]!.slopes[0]!, 9)
    expect(other.without[1]![0]!.constant).toBeCloseTo(own.without[1]![0]!.constant, 9)
    expect(Math.abs(other.without[2]![0]!.constant - own.without[2]![0]!.constant)).toBeGreaterThan(5)
  })

  it('say NaN for a slot of which nothing is known', async () => {
    const { planes } = await fitLinear({ ...rowsWith(0), slots: 3 }, options)
    expect(planes[2]).toBeUndefined()
    expect(Array.from(predictLinear(1, Float64Array.of(4), () => planes[2]))).toEqual([Number.NaN])
  })
})
