import { describe, expect, it } from 'vitest'
import { createInlineSolver } from './inline-solver.ts'
import { createModelBuilder } from './model-builder.ts'
import { shiftStart } from './shift-start.ts'

const count = 48
/** Each step goes on from the one so many steps before. */
const later = (steps: number) => ({ stepsBefore: count, from: Array.from({ length: count }, (_, k) => k + steps) })
const price = (hour: number): number => 1 + Math.sin(hour / 3) + 0.3 * Math.sin(hour * 2)

/** A store and a market over `count` hours from `from` on. */
function storeFrom(from: number, level: number) {
  const builder = createModelBuilder()
  const costs = Float64Array.from({ length: count }, (_, k) => price(from + k))
  const bought = builder.addColumns('bought', count, { upper: 8, cost: costs })
  const stored = builder.addColumns('stored', count, { upper: 20 })
  for (let k = 0; k < count; k += 1) {
    const demand = 3 + 2 * Math.cos(from + k)
    builder.beginRow('balance', k === 0 ? demand - level : demand, k === 0 ? demand - level : demand)
    builder.term(bought + k, 1)
    builder.term(stored + k, -1)
    if (k > 0) builder.term(stored + k - 1, 1)
    builder.endRow()
  }
  return builder.build()
}

describe('a shifted start', () => {
  it('leads to the optimum of the later plan, as a cold one does', async () => {
    const solver = await createInlineSolver()
    const before = storeFrom(0, 5)
    const first = await solver.solve(before.model)
    const after = storeFrom(3, first.columnValues[count + 2]!)
    const cold = await solver.solve(after.model)
    const start = shiftStart(first.ended!, { before: before.layout, after: after.layout, ...later(3) })
    const warm = await solver.solve(after.model, { start })
    expect(warm.startedFrom).toEqual(start)
    expect(warm.objective).toBeCloseTo(cold.objective, 9)
  })

  it('has as many basic columns and rows as there are rows, whatever it is made from', async () => {
    const solver = await createInlineSolver()
    const before = storeFrom(0, 5)
    const { ended } = await solver.solve(before.model)
    for (const steps of [0, 1, 7, 47, 48, 100]) {
      const { relaxation } = shiftStart(ended!, { before: before.layout, after: before.layout, ...later(steps) })
      expect([...relaxation.columns, ...relaxation.rows].filter((status) => status === '1')).toHaveLength(count)
      expect(relaxation.columns).toHaveLength(2 * count)
    }
  })

  it('of a model with other names begins with its rows', () => {
    const named = { columns: [{ name: 'x', first: 0 }], columnCount: 2, rows: [{ name: 'r', first: 0 }], rowCount: 1 }
    const other = { columns: [{ name: 'y', first: 0 }], columnCount: 3, rows: [{ name: 's', first: 0 }], rowCount: 2 }
    const start = { relaxation: { columns: '10', rows: '0' }, integers: [4] }
    const shift = {
      before: { ...named, integers: [1] },
      after: { ...other, integers: [2] },
      stepsBefore: 3,
      from: [0, 1, 2],
    }
    expect(shiftStart(start, shift)).toEqual({ relaxation: { columns: '000', rows: '11' }, integers: [0] })
  })
})
