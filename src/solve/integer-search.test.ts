import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LinearModel } from '../kernel/index.ts'
import { createInlineSolver } from './inline-solver.ts'
import { blocksOf, movesAround } from './integer-moves.ts'
import { createModelBuilder } from './model-builder.ts'
import { storePark } from './store-park.fixture.ts'

const solver = await createInlineSolver()

/** The least over all schedules, each priced as a linear program. */
async function bruteForce(model: LinearModel): Promise<number> {
  const integers = blocksOf(model).flatMap(({ first, count }) => Array.from({ length: count }, (_, k) => first + k))
  let least = Number.POSITIVE_INFINITY
  for (let bits = 0; bits < 2 ** integers.length; bits += 1) {
    const columnLower = model.columnLower.slice()
    const columnUpper = model.columnUpper.slice()
    integers.forEach((j, index) => {
      columnLower[j] = (bits >> index) & 1
      columnUpper[j] = columnLower[j]!
    })
    const integrality = new Uint8Array(model.columnCount)
    const { status, objective } = await solver.solve({ ...model, columnLower, columnUpper, integrality })
    if (status === 'optimal') least = Math.min(least, objective)
  }
  return least
}

const machine = fc.record({
  mostKw: fc.integer({ min: 2, max: 12 }),
  onCost: fc.integer({ min: 0, max: 6 }),
  startCost: fc.integer({ min: 0, max: 20 }),
})

describe('a search for integers before branch and bound', () => {
  it('changes nothing of what is proven: the optimum is that of all schedules', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 3, maxLength: 4 }),
        fc.array(machine, { minLength: 1, maxLength: 2 }),
        fc.integer({ min: 0, max: 15 }),
        async (demand, machines, storeKwh) => {
          const model = storePark(demand, machines, storeKwh)
          const solution = await solver.solve(model, { relativeGap: 1e-9 })
          expect(solution.status).toBe('optimal')
          const least = await bruteForce(model)
          expect(solution.objective).toBeCloseTo(least, 5)
          expect(solution.bound).toBeLessThanOrEqual(least + 1e-5 * Math.max(1, least))
        },
      ),
      { numRuns: 12, seed: 5 },
    )
  })
})

describe('moves around a schedule', () => {
  it('change something, stay inside the bounds and whole, and leave the rest alone', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 6, maxLength: 6 }), {
          minLength: 1,
          maxLength: 3,
        }),
        (schedules) => {
          const builder = createModelBuilder()
          const values: number[] = []
          for (const schedule of schedules) {
            builder.addColumns('on', 6, { upper: 2, integer: true })
            builder.addColumns('power', 2, {})
            values.push(...schedule, 7, 7)
          }
          const { model } = builder.build()
          const blocks = blocksOf(model)
          expect(blocks.map(({ count }) => count)).toEqual(schedules.map(() => 6))
          const moves = movesAround(model, Float64Array.from(values), blocks)
          expect(moves.length).toBeGreaterThan(0)
          for (const { columns, values: to } of moves) {
            expect(columns.every((j) => model.integrality[j] === 1)).toBe(true)
            expect(columns.every((j, index) => to[index] !== values[j])).toBe(true)
            expect(to.every((value) => [0, 1, 2].includes(value))).toBe(true)
          }
        },
      ),
    )
  })
})
