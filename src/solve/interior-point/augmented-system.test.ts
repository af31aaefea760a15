import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../kernel/index.ts'
import { createModelBuilder } from '../model-builder.ts'
import { createAugmentedSystem, exactly, largest } from './augmented-system.ts'
import { scaleModel } from './scaled-model.ts'

/** Forty columns in thirty rows, every other one an equation. */
function someModel() {
  const random = seededRandom(3)
  const builder = createModelBuilder()
  const first = builder.addColumns('x', 40, { upper: 5 })
  for (let i = 0; i < 30; i += 1) {
    builder.beginRow('row', i % 2, 1)
    for (let j = 0; j < 40; j += 1) if ((i * 7 + j * 3) % 5 === 0) builder.term(first + j, random.next() + 0.1)
    builder.endRow()
  }
  return scaleModel(builder.build().model)!
}

describe('the augmented system', () => {
  it('is solved to the accuracy asked for, with weights over sixteen orders of magnitude', () => {
    const model = someModel()
    const { columnCount: n, rowCount: m, lower, row, column, value } = model
    const random = seededRandom(5)
    const weight = Float64Array.from({ length: n + m }, () => 10 ** (16 * random.next() - 8))
    const isVariable = Uint8Array.from(lower, (bound) => Number(!Number.isNaN(bound)))
    const system = createAugmentedSystem(model)
    system.factor(weight, isVariable)
    system.refineTo(exactly)
    const first = Float64Array.from({ length: n }, () => random.next() - 0.5)
    const second = Float64Array.from({ length: m }, () => random.next() - 0.5)
    const [dx, dy] = [first.slice(), second.slice()]
    system.solve(dx, dy)
    const left = Float64Array.from({ length: n + m }, (_, v) =>
      v < n ? first[v]! + weight[v]! * dx[v]! : second[v - n]! - (isVariable[v] === 1 ? dy[v - n]! / weight[v]! : 0),
    )
    for (let e = 0; e < value.length; e += 1) {
      left[column[e]!]! -= value[e]! * dy[row[e]!]!
      left[n + row[e]!]! -= value[e]! * dx[column[e]!]!
    }
    expect(largest(left)).toBeLessThan(1e-8)
  })

  it('tells the largest size of values, and that one is no number', () => {
    expect(largest(Float64Array.of(1, -7, 3))).toBe(7)
    expect(largest(new Float64Array(0))).toBe(0)
    expect(largest(Float64Array.of(1, Number.NaN, 9))).toBeNaN()
  })
})
