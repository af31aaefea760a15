import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import type { LinearModel, Solution, SolveBasis, SolveStart } from '../kernel/index.ts'
import { createInlineSolver } from './inline-solver.ts'
import { createModelBuilder } from './model-builder.ts'
import { createSolverPool } from './pool.ts'

const pool = createSolverPool({ size: 2 })
afterAll(() => pool.close())

/** All that a solution says, to the bit. */
const bitsOf = ({ solveMs: _, columnValues, rowDuals, columnDuals, ...rest }: Solution) => ({
  ...rest,
  arrays: [columnValues, rowDuals, columnDuals].map(({ buffer }) => Buffer.from(buffer).toString('hex')),
})

/** Machines that are on or off serve a load: many commitments and bases cost the same, so that the way there decides. */
function machines(count: number, steps: number, seed = 1): LinearModel {
  const builder = createModelBuilder()
  const next = chance(seed)
  const sets = Array.from({ length: count }, (_, m) => {
    const on = builder.addColumns('on', steps, { upper: 1, integer: true, cost: 7 + (m % 2) })
    const power = builder.addColumns('power', steps, { cost: 2 + (m % 3) })
    const start = builder.addColumns('start', steps, { cost: 5 })
    for (let k = 0; k < steps; k += 1) {
      for (const [coefficient, lower, upper] of [
        [-10, Number.NEGATIVE_INFINITY, 0],
        [-4, 0, Number.POSITIVE_INFINITY],
      ] as const) {
        builder.beginRow('range', lower, upper)
        builder.term(power + k, 1)
        builder.term(on + k, coefficient)
        builder.endRow()
      }
      builder.beginRow('starts', 0, Number.POSITIVE_INFINITY)
      builder.term(start + k, 1)
      builder.term(on + k, -1)
      if (k > 0) builder.term(on + k - 1, 1)
      builder.endRow()
    }
    return { power }
  })
  for (let k = 0; k < steps; k += 1) {
    const load = 6 + Math.round(20 * next()) / 2
    builder.beginRow('load', load, load)
    for (const { power } of sets) builder.term(power + k, 1)
    builder.endRow()
  }
  return builder.build().model
}

function chance(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/** The same model with other prices and another load, as a re-plan has them. */
function changed(model: LinearModel, seed: number): LinearModel {
  const next = chance(seed)
  const rowLower = model.rowLower.slice()
  const rowUpper = model.rowUpper.slice()
  for (let i = 0; i < model.rowCount; i += 1) {
    if (rowLower[i] !== rowUpper[i]) continue
    rowLower[i]! += Math.round(next() * 4) / 4
    rowUpper[i] = rowLower[i]!
  }
  return { ...model, rowLower, rowUpper, cost: model.cost.map((cost) => cost * (1 + Math.round(next() * 3) / 10)) }
}

const relaxation = (model: LinearModel): LinearModel => ({ ...model, integrality: new Uint8Array(model.columnCount) })

describe('a solve of a session', () => {
  it.each([
    ['a linear program', relaxation(machines(3, 12))],
    ['a mixed-integer program that takes branch and bound', machines(3, 12)],
  ])('gives the same bits again from the start it tells, in any solver: %s', async (_, model) => {
    const warmed = await createInlineSolver()
    for (let k = 0; k < 3; k += 1) await warmed.solve(machines(2, 5, k), { sessionKey: 'other' })
    let warmStarts = 0
    let differsFromCold = 0
    for (let k = 0; k < 7; k += 1) {
      const next = changed(model, k)
      const solution = await pool.solve(next, { sessionKey: 'chain', relativeGap: 1e-6 })
      expect(solution.status).toBe('optimal')
      const again = { relativeGap: 1e-6, ...(solution.startedFrom ? { start: solution.startedFrom } : {}) }
      const fresh = await createInlineSolver()
      for (const other of [fresh, warmed, pool]) {
        expect(bitsOf(await other.solve(next, again))).toEqual(bitsOf(solution))
      }
      // Above its relaxation by more than the gap: only branch and bound can have called it optimal.
      const relaxed = await fresh.solve(relaxation(next))
      if (next.integrality.includes(1)) expect(solution.objective - relaxed.objective).toBeGreaterThan(0.01)
      const cold = await fresh.solve(next, { relativeGap: 1e-6 })
      expect(cold.objective).toBeCloseTo(solution.objective, 4)
      if (solution.startedFrom) warmStarts += 1
      if (bitsOf(cold).arrays.join() !== bitsOf(solution).arrays.join()) differsFromCold += 1
    }
    expect(warmStarts).toBe(6)
    // Otherwise the start would not have mattered, and this test could not fail.
    expect(differsFromCold).toBeGreaterThan(0)
  })

  it('is, without a start, the same to the bit as a solve without a session', async () => {
    const solver = await createInlineSolver()
    for (const model of [machines(3, 10), relaxation(machines(3, 10)), machines(2, 6)]) {
      await solver.solve(machines(1, 4), { sessionKey: 'first' })
      const first = await solver.solve(model, { sessionKey: 'first' })
      expect(first.startedFrom).toBeUndefined()
      expect(bitsOf(first)).toEqual(bitsOf(await (await createInlineSolver()).solve(model)))
    }
  })

  it('holds for random chains of programs with and without integers', async () => {
    const solver = await createInlineSolver()
    const other = await createInlineSolver()
    let key = 0
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          count: fc.integer({ min: 1, max: 3 }),
          steps: fc.integer({ min: 1, max: 6 }),
          whole: fc.boolean(),
        }),
        fc.array(fc.nat(), { minLength: 2, maxLength: 4 }),
        async ({ count, steps, whole }, seeds) => {
          const model = whole ? machines(count, steps) : relaxation(machines(count, steps))
          const sessionKey = `random ${key++}`
          for (const seed of seeds) {
            const next = changed(model, seed)
            const solution = await solver.solve(next, { sessionKey })
            const { startedFrom: start } = solution
            expect(bitsOf(await other.solve(next, start ? { start } : {}))).toEqual(bitsOf(solution))
          }
        },
      ),
      { numRuns: 40 },
    )
  })
})

describe('a start', () => {
  const model = machines(2, 6)
  const startOf = async (): Promise<SolveStart> => {
    const solver = await createInlineSolver()
    await solver.solve(model, { sessionKey: 'once' })
    return (await solver.solve(model, { sessionKey: 'once' })).startedFrom as SolveStart
  }

  it('is plain and small: one digit a column and row, one number an integer', async () => {
    const start = await startOf()
    for (const { columns, rows } of [start.relaxation, start.commitment as SolveBasis]) {
      expect(columns).toMatch(new RegExp(`^[0-4]{${model.columnCount}}$`))
      expect(rows).toMatch(new RegExp(`^[0-4]{${model.rowCount}}$`))
    }
    expect(start.integers).toHaveLength(12)
    expect(JSON.parse(JSON.stringify(start))).toEqual(start)
  })

  it.each<[string, (start: SolveStart) => SolveStart]>([
    ['columns too few', (start) => ({ ...start, relaxation: { ...start.relaxation, columns: '0' } })],
    [
      'rows too many',
      (start) => ({ ...start, relaxation: { ...start.relaxation, rows: `${start.relaxation.rows}0` } }),
    ],
    ['no commitment', (start) => ({ ...start, integers: [] })],
    ['a basis of another commitment', (start) => ({ ...start, commitment: { columns: '01', rows: '1' } })],
    [
      'a status that there is not',
      ({ relaxation: { columns, rows }, ...start }) => ({
        ...start,
        relaxation: { columns: columns.replace(/^./, '7'), rows },
      }),
    ],
  ])('of another shape is passed by and not told as used: %s', async (_, bend) => {
    const solver = await createInlineSolver()
    const solution = await solver.solve(model, { start: bend(await startOf()) })
    expect(solution.startedFrom).toBeUndefined()
    expect(bitsOf(solution)).toEqual(bitsOf(await solver.solve(model)))
  })

  it.each<[string, (length: number) => string]>([
    ['all basic', (length) => '1'.repeat(length)],
    ['none basic', (length) => '0'.repeat(length)],
    ['mixed up', (length) => Array.from({ length }, (_, k) => (k * 7) % 5).join('')],
  ])('that is no basis still leads to the optimum, always the same: %s', async (_, write) => {
    const basis = { columns: write(model.columnCount), rows: write(model.rowCount) }
    const start = { relaxation: basis, integers: Array(12).fill(1), commitment: basis }
    const solver = await createInlineSolver()
    const solution = await solver.solve(model, { start, relativeGap: 1e-6 })
    expect(solution.objective).toBeCloseTo((await solver.solve(model, { relativeGap: 1e-6 })).objective, 4)
    expect(bitsOf(await pool.solve(model, { start, relativeGap: 1e-6 }))).toEqual(bitsOf(solution))
  })

  it('is not remembered for a matrix of another pattern', async () => {
    const solver = await createInlineSolver()
    await solver.solve(model, { sessionKey: 'a' })
    expect((await solver.solve(machines(2, 7), { sessionKey: 'a' })).startedFrom).toBeUndefined()
    expect((await solver.solve(relaxation(machines(2, 7)), { sessionKey: 'a' })).startedFrom).toBeUndefined()
  })
})

describe('a solve that its time limit ends', () => {
  it('gives the same bits again when it is stopped at the same checkpoints', async () => {
    const model = machines(6, 60)
    const ended = await pool.solve(model, { timeLimitMs: 120, relativeGap: 0 })
    expect(ended.stoppedAt?.length).toBeGreaterThan(0)
    const again = { relativeGap: 0, timeLimitMs: 1, stopAt: ended.stoppedAt ?? [] }
    const fresh = await createInlineSolver()
    for (const solver of [pool, fresh]) expect(bitsOf(await solver.solve(model, again))).toEqual(bitsOf(ended))
  })

  it('runs to its own end when told to stop nowhere', async () => {
    const solver = await createInlineSolver()
    const solution = await solver.solve(machines(3, 12), { timeLimitMs: 1, stopAt: [] })
    expect(solution.status).toBe('optimal')
    expect(solution.stoppedAt).toBeUndefined()
  })
})
