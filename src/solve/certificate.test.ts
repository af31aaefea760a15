import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LinearModel, Solution } from '../kernel/index.ts'
import { certify, dualBound } from './certificate.ts'
import { createInlineSolver } from './inline-solver.ts'
import { createModelBuilder } from './model-builder.ts'

/** min 3x + 2y + z + 5, x + y ≥ 4, x − y ≤ 1, 0 ≤ x, y ≤ 3, z in {0, 1, 2}, z ≥ 1: optimum 15 at (1, 3, 1), by hand. */
function byHand(integer: boolean): LinearModel {
  const builder = createModelBuilder()
  const x = builder.addColumns('x', 1, { cost: 3 })
  const y = builder.addColumns('y', 1, { cost: 2, upper: 3 })
  builder.addColumns('z', 1, { cost: 1, lower: 1, upper: 2, integer })
  builder.beginRow('sum', 4, Number.POSITIVE_INFINITY)
  builder.term(x, 1)
  builder.term(y, 1)
  builder.endRow()
  builder.beginRow('difference', Number.NEGATIVE_INFINITY, 1)
  builder.term(x, 1)
  builder.term(y, -1)
  builder.endRow()
  builder.addOffset(5)
  return builder.build().model
}

const optimum: Solution = {
  status: 'optimal',
  objective: 15,
  bound: 15,
  columnValues: Float64Array.of(1, 3, 1),
  rowDuals: Float64Array.of(3, 0),
  columnDuals: Float64Array.of(0, -1, 1),
  solveMs: 0,
}

const withValues = (...values: readonly number[]): Solution => {
  const [x = 0, y = 0, z = 0] = values
  return { ...optimum, columnValues: Float64Array.from(values), objective: 3 * x + 2 * y + z + 5 }
}

describe('the certificate', () => {
  it('shares no code with the solver', () => {
    const source = readFileSync(new URL('./certificate.ts', import.meta.url), 'utf8')
    const imports = [...source.matchAll(/^import .*$/gm)].map(([line]) => line)
    expect(imports).toEqual(["import type { LinearModel, Solution } from '../kernel/index.ts'"])
  })

  it('proves a hand-made optimum from its duals alone', () => {
    expect(certify(byHand(false), optimum)).toMatchObject({
      ok: true,
      maxResidual: 0,
      objective: 15,
      boundGap: 0,
      boundSource: 'dual',
    })
  })

  it('does not take the solver’s word for the bound of a linear program', () => {
    for (const bound of [1e9, -1e9, Number.NaN]) {
      expect(certify(byHand(false), { ...optimum, bound })).toMatchObject({ ok: true, boundGap: 0 })
    }
  })

  it('says that the bound is the solver’s word where there are integers', () => {
    const certificate = certify(byHand(true), { ...optimum, bound: 12 })
    expect(certificate).toMatchObject({ ok: true, boundSource: 'solver' })
    expect(certificate.boundGap).toBeCloseTo(3 / 15, 12)
  })

  it('shows a gap where the solution is feasible and not the best, or the duals prove less', () => {
    expect(certify(byHand(false), withValues(2, 3, 1)).boundGap).toBeCloseTo(3 / 18, 12)
    expect(certify(byHand(false), { ...optimum, rowDuals: Float64Array.of(0, 0) })).toMatchObject({ ok: true })
    expect(certify(byHand(false), { ...optimum, rowDuals: Float64Array.of(0, 0) }).boundGap).toBeCloseTo(9 / 15, 12)
  })

  it.each([
    ['a row', withValues(0.5, 3, 1), { what: 'row', index: 0 }],
    ['the other row', withValues(3, 1, 1), { what: 'row', index: 1 }],
    ['an upper bound', withValues(1, 3.01, 1), { what: 'column', index: 1 }],
    ['a lower bound', withValues(1, 3, 0), { what: 'column', index: 2 }],
    ['integrality', withValues(1, 3, 1.5), { what: 'integrality', index: 2 }],
    ['the objective', { ...optimum, objective: 14.9 }, { what: 'objective', index: 0 }],
  ] as const)('rejects a solution that breaks %s and says where', (_, solution, worst) => {
    const certificate = certify(byHand(true), solution)
    expect(certificate.ok).toBe(false)
    expect(certificate.worst).toMatchObject(worst)
    expect(certificate.maxResidual).toBeGreaterThan(1e-3)
  })

  it.each([
    ['NaN', withValues(1, Number.NaN, 1)],
    ['Infinity', withValues(Number.POSITIVE_INFINITY, 3, 1)],
    ['too few values', withValues(1, 3)],
    ['too many values', withValues(1, 3, 1, 0)],
    ['no values', withValues()],
    ['an objective that is no number', { ...optimum, objective: Number.NaN }],
  ])('rejects %s', (_, solution) => {
    const certificate = certify(byHand(true), solution)
    expect(certificate.ok).toBe(false)
    expect(certificate.maxResidual).toBe(Number.POSITIVE_INFINITY)
  })

  it.each(['rowLower', 'rowUpper', 'columnLower', 'columnUpper', 'coefficient'] as const)(
    'is refused where the model holds what is no number, in %s',
    (part) => {
      const model = byHand(false)
      model[part][0] = Number.NaN
      expect(certify(model, optimum).ok).toBe(false)
    },
  )

  it('lets pass what is solver dust, 1e-6, and not what is ten times the tolerance', () => {
    expect(certify(byHand(false), withValues(1 - 1e-6, 3, 1)).ok).toBe(true)
    expect(certify(byHand(false), withValues(1 - 1e-4, 3, 1)).ok).toBe(false)
  })
})

describe('the bound of a linear program (weak duality)', () => {
  const number = fc.integer({ min: -20, max: 20 }).map((value) => value / 4)
  const dual = fc.oneof(fc.constant(0), fc.double({ min: -10, max: 10, noNaN: true }))
  /** A program with a point that is feasible by construction, and duals of any sign. */
  const program = fc
    .record({ columns: fc.integer({ min: 1, max: 5 }), rows: fc.integer({ min: 0, max: 4 }) })
    .chain(({ columns, rows }) =>
      fc.record({
        point: fc.array(fc.integer({ min: 0, max: 8 }), { minLength: columns, maxLength: columns }),
        cost: fc.array(number, { minLength: columns, maxLength: columns }),
        room: fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { minLength: columns, maxLength: columns }),
        matrix: fc.array(fc.array(number, { minLength: columns, maxLength: columns }), {
          minLength: rows,
          maxLength: rows,
        }),
        sides: fc.array(fc.tuple(fc.option(fc.nat(4)), fc.option(fc.nat(4))), { minLength: rows, maxLength: rows }),
        duals: fc.array(dual, { minLength: rows, maxLength: rows }),
        offset: number,
      }),
    )
    .map(({ point, cost, room, matrix, sides, duals, offset }) => {
      const builder = createModelBuilder()
      builder.addColumns('x', point.length, {
        lower: Float64Array.from(point, (value, j) => value - room[j]![0]),
        upper: Float64Array.from(point, (value, j) => value + room[j]![1]),
        cost: Float64Array.from(cost),
      })
      matrix.forEach((row, i) => {
        const activity = row.reduce((sum, value, j) => sum + value * point[j]!, 0)
        const [below, above] = sides[i]!
        builder.beginRow(
          'r',
          below === null ? Number.NEGATIVE_INFINITY : activity - below,
          above === null ? Number.POSITIVE_INFINITY : activity + above,
        )
        row.forEach((value, j) => void builder.term(j, value))
        builder.endRow()
      })
      builder.addOffset(offset)
      const atPoint = offset + point.reduce((sum, value, j) => sum + value * cost[j]!, 0)
      return { model: builder.build().model, duals: Float64Array.from(duals), atPoint }
    })

  it('is never above the cost of any feasible point, whatever the duals', () => {
    fc.assert(
      fc.property(program, ({ model, duals, atPoint }) => {
        expect(dualBound(model, duals)).toBeLessThanOrEqual(atPoint + 1e-9)
      }),
      { numRuns: 500 },
    )
  })

  it('is never above the true optimum with random duals, and meets it with the solver’s', async () => {
    const solver = await createInlineSolver()
    await fc.assert(
      fc.asyncProperty(program, async ({ model, duals }) => {
        const solution = await solver.solve(model)
        expect(solution.status).toBe('optimal')
        const scale = 1e-6 * Math.max(1, Math.abs(solution.objective))
        expect(dualBound(model, duals)).toBeLessThanOrEqual(solution.objective + scale)
        const certificate = certify(model, solution)
        expect(certificate).toMatchObject({ ok: true, boundSource: 'dual' })
        expect(Math.abs(certificate.boundGap)).toBeLessThan(1e-6)
      }),
      { numRuns: 150 },
    )
  })

  it('is nothing where a dual leans on a side that is not there', () => {
    const model = byHand(false)
    expect(dualBound(model, Float64Array.of(-1, 0))).toBe(Number.NEGATIVE_INFINITY)
    expect(dualBound(model, Float64Array.of(0, 1))).toBe(Number.NEGATIVE_INFINITY)
    // A reduced cost below zero on a column without upper bound.
    expect(dualBound(model, Float64Array.of(5, 0))).toBe(Number.NEGATIVE_INFINITY)
  })
})
