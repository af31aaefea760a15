import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { certify } from './certificate.ts'
import { createInlineSolver } from './inline-solver.ts'
import { createModelBuilder } from './model-builder.ts'
import { createSolverPool } from './pool.ts'

const solver = await createInlineSolver()
const pool = createSolverPool({ size: 2 })
afterAll(() => pool.close())

/** The chairs and tables of the HiGHS JavaScript guide: optimum 1100 at 20 chairs, 10 tables. */
function workshop(integer: boolean) {
  const builder = createModelBuilder()
  const chairs = builder.addColumns('chairs', 1, { cost: -30, integer })
  const tables = builder.addColumns('tables', 1, { cost: -50, integer })
  builder.beginRow('carpentry', Number.NEGATIVE_INFINITY, 40)
  builder.term(chairs, 1)
  builder.term(tables, 2)
  builder.endRow()
  builder.beginRow('finishing', Number.NEGATIVE_INFINITY, 50)
  builder.term(chairs, 1)
  builder.term(chairs, 1)
  builder.term(tables, 1)
  builder.endRow()
  return builder.build()
}

/** A knapsack that takes branching: weights and values coprime, many near-ties. */
function knapsack(count: number) {
  const builder = createModelBuilder()
  const first = builder.addColumns('item', count, {
    upper: 1,
    integer: true,
    cost: Float64Array.from({ length: count }, (_, j) => -(97 + ((j * 7919) % 41))),
  })
  for (let row = 0; row < 12; row += 1) {
    builder.beginRow('weight', Number.NEGATIVE_INFINITY, 25 * count)
    for (let j = 0; j < count; j += 1) builder.term(first + j, 50 + ((j * 104729 + row * 7727) % 101))
    builder.endRow()
  }
  return builder.build().model
}

describe('solve', () => {
  it.each([false, true])(
    'finds the workshop’s optimum 1100 at 20 chairs and 10 tables (integers: %s)',
    async (integer) => {
      const { model, columnName, rowName } = workshop(integer)
      const solution = await solver.solve(model)
      expect(solution.status).toBe('optimal')
      expect(solution.objective).toBeCloseTo(-1100, 6)
      expect(Array.from(solution.columnValues, Math.round)).toEqual([20, 10])
      const certificate = certify(model, solution)
      expect(certificate).toMatchObject({ ok: true, boundSource: integer ? 'solver' : 'dual' })
      expect(Math.abs(certificate.boundGap)).toBeLessThan(1e-6)
      expect([columnName(1), rowName(1)]).toEqual(['tables[0]', 'finishing[0]'])
    },
  )

  it('tells infeasible and unbounded apart', async () => {
    const infeasible = createModelBuilder()
    const x = infeasible.addColumns('x', 1, { upper: 1 })
    infeasible.beginRow('far', 2, 3)
    infeasible.term(x, 1)
    infeasible.endRow()
    expect((await solver.solve(infeasible.build().model)).status).toBe('infeasible')
    const unbounded = createModelBuilder()
    const y = unbounded.addColumns('y', 1, { cost: -1 })
    unbounded.beginRow('loose', 0, Number.POSITIVE_INFINITY)
    unbounded.term(y, 1)
    unbounded.endRow()
    expect((await solver.solve(unbounded.build().model)).status).toBe('unbounded')
  })

  it('keeps integers whole within bounds that are not', async () => {
    const builder = createModelBuilder()
    const x = builder.addColumns('x', 2, { upper: 2.5, cost: -1, integer: true })
    builder.beginRow('both', 0, 9)
    builder.term(x, 1)
    builder.term(x + 1, 1)
    builder.endRow()
    const { model } = builder.build()
    const solution = await solver.solve(model)
    expect(solution).toMatchObject({ status: 'optimal', objective: -4 })
    expect([...solution.columnValues]).toEqual([2, 2])
    const between = { ...model, columnLower: Float64Array.of(0.2, 0), columnUpper: Float64Array.of(0.8, 1) }
    expect((await solver.solve(between)).status).toBe('infeasible')
  })

  it('re-solves warm to the same optimum as cold, after costs and bounds change', async () => {
    const { model } = workshop(false)
    await solver.solve(model, { sessionKey: 'w' })
    const changed = { ...model, cost: Float64Array.of(-50, -30), columnUpper: Float64Array.of(15, 100) }
    const warm = await solver.solve(changed, { sessionKey: 'w' })
    const cold = await solver.solve(changed)
    expect(warm.startedFrom).toBeDefined()
    expect(warm.objective).toBeCloseTo(cold.objective, 9)
    expect(certify(changed, warm).ok).toBe(true)
  })

  it('honours a time limit with an honest status', async () => {
    const solution = await solver.solve(knapsack(120), { timeLimitMs: 300, relativeGap: 0 })
    expect(['feasible', 'none']).toContain(solution.status)
    expect(solution.solveMs).toBeLessThan(5000)
  })

  it('certifies random feasible programs and refuses corrupted solutions', async () => {
    const sizes = fc.record({
      columns: fc.integer({ min: 1, max: 8 }),
      rows: fc.integer({ min: 1, max: 6 }),
      seed: fc.integer(),
    })
    await fc.assert(
      fc.asyncProperty(sizes, async ({ columns, rows, seed }) => {
        let state = seed >>> 0
        const next = (): number => {
          state = (Math.imul(state, 1664525) + 1013904223) >>> 0
          return state / 2 ** 32
        }
        const builder = createModelBuilder()
        const at = Array.from({ length: columns }, next)
        const first = builder.addColumns('x', columns, { upper: 1, cost: Float64Array.from(at, () => next() - 0.5) })
        for (let i = 0; i < rows; i += 1) {
          const terms = at.map(() => next() * 4 - 2)
          const activity = terms.reduce((sum, value, j) => sum + value * at[j]!, 0)
          builder.beginRow('r', activity - next(), activity + next())
          terms.forEach((value, j) => void builder.term(first + j, value))
          builder.endRow()
        }
        const { model } = builder.build()
        const solution = await solver.solve(model)
        expect(solution.status).toBe('optimal')
        const certificate = certify(model, solution)
        expect(certificate.ok).toBe(true)
        expect(certificate.boundGap).toBeLessThan(1e-5)
        const columnValues = solution.columnValues.slice()
        columnValues[0]! += 1.5
        expect(certify(model, { ...solution, columnValues }).ok).toBe(false)
      }),
      { numRuns: 60 },
    )
  })
})

describe('solver pool', () => {
  it('solves many at once, each its own answer', async () => {
    const { model } = workshop(true)
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, k) => pool.solve({ ...model, offset: k * 1000 }, { sessionKey: `s${k % 3}` })),
    )
    answers.forEach((answer, k) => void expect(answer.objective).toBeCloseTo(k * 1000 - 1100, 6))
  })

  it('leaves the caller’s thread free while it solves', async () => {
    let longestMs = 0
    let before = performance.now()
    const timer = setInterval(() => {
      longestMs = Math.max(longestMs, performance.now() - before)
      before = performance.now()
    }, 5)
    await pool.solve(knapsack(120), { timeLimitMs: 800, relativeGap: 0 })
    clearInterval(timer)
    expect(longestMs).toBeLessThan(200)
  })

  it('stops a solve that is cancelled', async () => {
    const controller = new AbortController()
    const started = performance.now()
    const solving = pool.solve(knapsack(120), { timeLimitMs: 30_000, relativeGap: 0, signal: controller.signal })
    setTimeout(() => controller.abort(), 200)
    await expect(solving).rejects.toMatchObject({ code: 'solve.cancelled' })
    expect(performance.now() - started).toBeLessThan(10_000)
    expect((await pool.solve(workshop(false).model)).status).toBe('optimal')
  })
})
