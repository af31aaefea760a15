import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LinearModel } from '../../kernel/index.ts'
import { certify } from '../certificate.ts'
import { createHighsSolver } from '../highs-solver.ts'
import { createModelBuilder } from '../model-builder.ts'
import { solveInteriorPoint } from './interior-point.ts'
import { prepareFactorisation } from './ldl.ts'
import { minimumDegreeOrder } from './minimum-degree.ts'

const highs = await createHighsSolver()

/** Bounds of every sort: none, one, both, equal. */
const bounds = fc.oneof(
  fc.constant([0, Number.POSITIVE_INFINITY] as const),
  fc.constant([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const),
  fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: 0, max: 20 })).map(([low, room]) => [low, low + room]),
  fc.integer({ min: -9, max: 9 }).map((high) => [Number.NEGATIVE_INFINITY, high]),
)
const randomModel = fc
  .record({
    columns: fc.array(fc.record({ bounds, cost: fc.integer({ min: -5, max: 9 }) }), { minLength: 1, maxLength: 12 }),
    rows: fc.array(
      fc.record({ bounds, terms: fc.array(fc.integer({ min: -4, max: 6 }), { minLength: 12, maxLength: 12 }) }),
      { minLength: 1, maxLength: 10 },
    ),
  })
  .map(({ columns, rows }): LinearModel => {
    const builder = createModelBuilder()
    for (const { bounds, cost } of columns) {
      builder.addColumns('x', 1, { lower: bounds[0]!, upper: bounds[1]!, cost })
    }
    for (const { bounds, terms } of rows) {
      const coefficients = columns.map((_, j) => (terms[j]! % 2 === 0 ? terms[j]! / 3 : 0))
      // Most rows hold at a point inside the columns' bounds, so that most models have a solution.
      const inside = columns.reduce((sum, { bounds: [low, high] }, j) => {
        const at = Number.isFinite(low) ? low! + 1 : Math.min(0, high!)
        return sum + coefficients[j]! * Math.min(at, high!)
      }, 0)
      const middle = Number.isFinite(bounds[0]! + bounds[1]!) ? (bounds[0]! + bounds[1]!) / 2 : 0
      builder.beginRow('r', bounds[0]! - middle + inside, bounds[1]! - middle + inside)
      coefficients.forEach((value, j) => {
        if (value !== 0) builder.term(j, value)
      })
      builder.endRow()
    }
    return builder.build().model
  })

describe('the interior point method', () => {
  it('agrees with simplex on every linear program that has an optimum, and never claims one that there is not', () => {
    let optima = 0
    fc.assert(
      fc.property(randomModel, (model) => {
        const { solution } = highs.solve(model, {})
        const inside = solveInteriorPoint(model)
        if (solution.status !== 'optimal') {
          expect(inside === undefined || !certify(model, inside).ok || certify(model, inside).boundGap > 1e-6).toBe(
            true,
          )
          return
        }
        optima += 1
        expect(inside).toBeDefined()
        const certificate = certify(model, inside!)
        expect(certificate.ok).toBe(true)
        expect(Math.abs(certificate.boundGap)).toBeLessThan(1e-5)
        expect(Math.abs(inside!.objective - solution.objective)).toBeLessThan(
          1e-5 * Math.max(1, Math.abs(solution.objective)),
        )
      }),
      { numRuns: 400, seed: 7 },
    )
    expect(optima).toBeGreaterThan(100)
  })

  it('solves a store of 5,000 steps to the optimum of simplex with fill in proportion to the steps', () => {
    const steps = 5000
    const builder = createModelBuilder()
    const price = Float64Array.from({ length: steps }, (_, k) => 1 + Math.sin(k / 4) + 0.3 * Math.sin(k / 50))
    const size = builder.addColumns('size', 1, { cost: 40, upper: 1e4 })
    const bought = builder.addColumns('bought', steps, { cost: price, upper: 500 })
    const stored = builder.addColumns('stored', steps, { upper: 1e4 })
    const load = (k: number): number => 100 + 50 * Math.cos(k / 4)
    for (let k = 0; k < steps; k += 1) {
      builder.beginRow('balance', -load(k), -load(k))
      builder.term(stored + k, 1)
      if (k > 0) builder.term(stored + k - 1, -0.99)
      builder.term(bought + k, -1)
      builder.endRow()
      builder.beginRow('size', Number.NEGATIVE_INFINITY, 0)
      builder.term(stored + k, 1)
      builder.term(size, -1)
      builder.endRow()
    }
    const { model } = builder.build()
    const { solution } = highs.solve(model, {})
    const inside = solveInteriorPoint(model)
    expect(inside?.objective).toBeCloseTo(solution.objective, 2)
    expect(certify(model, inside!)).toMatchObject({ ok: true })
    expect(certify(model, inside!).boundGap).toBeLessThan(1e-6)
    // The same model gives the same bits: evidence can be replayed.
    expect(solveInteriorPoint(model)?.columnValues).toEqual(inside!.columnValues)
  })
})

describe('sparse factorisation', () => {
  const entries = fc.array(
    fc.tuple(fc.integer({ min: 0, max: 29 }), fc.integer({ min: 0, max: 29 }), fc.integer({ min: -3, max: 3 })),
    { maxLength: 120 },
  )

  it('solves quasidefinite systems of any pattern', () => {
    fc.assert(
      fc.property(entries, (drawn) => {
        const count = 30
        const signs = Int8Array.from({ length: count }, (_, i) => (i % 3 === 0 ? -1 : 1))
        const unique = new Map<string, readonly [number, number, number]>()
        for (const [a, b, value] of drawn) {
          // Quasidefinite: entries join a node of one sign with one of the other.
          if (signs[a] === signs[b]) continue
          unique.set(`${Math.min(a, b)}/${Math.max(a, b)}`, [a, b, value])
        }
        const list = [...unique.values()]
        const factorisation = prepareFactorisation({
          count,
          first: Int32Array.from(list, ([a]) => a),
          second: Int32Array.from(list, ([, b]) => b),
          signs,
        })
        const diagonal = Float64Array.from(signs, (sign, i) => sign * (1 + (i % 5)))
        expect(
          factorisation.factor(
            Float64Array.from(list, ([, , value]) => value),
            diagonal,
          ),
        ).toBe(0)
        const x = Float64Array.from({ length: count }, (_, i) => Math.sin(i))
        const b = x.map((value, i) => value * diagonal[i]!)
        for (const [i, j, value] of list) {
          b[i]! += value * x[j]!
          b[j]! += value * x[i]!
        }
        factorisation.solve(b)
        for (let i = 0; i < count; i += 1) expect(b[i]).toBeCloseTo(x[i]!, 9)
      }),
      { numRuns: 200, seed: 1 },
    )
  })

  it('orders every node once and eliminates a tree from its leaves, without fill', () => {
    // A star of chains: its middle has degree 5, its leaves 1.
    const pairs: [number, number][] = []
    for (let arm = 0; arm < 5; arm += 1) {
      for (let at = 0; at < 4; at += 1) pairs.push([at === 0 ? 0 : arm * 4 + at, arm * 4 + at + 1])
    }
    const count = 21
    const factorisation = prepareFactorisation({
      count,
      first: Int32Array.from(pairs, ([a]) => a),
      second: Int32Array.from(pairs, ([, b]) => b),
      signs: new Int8Array(count).fill(1),
    })
    expect(factorisation.fill).toBe(pairs.length)
    fc.assert(
      fc.property(entries, (drawn) => {
        const unique = [
          ...new Set(drawn.filter(([a, b]) => a !== b).map(([a, b]) => Math.min(a, b) * 30 + Math.max(a, b))),
        ]
        const start = new Int32Array(31)
        const lists: number[][] = Array.from({ length: 30 }, () => [])
        for (const code of unique) {
          lists[Math.floor(code / 30)]!.push(code % 30)
          lists[code % 30]!.push(Math.floor(code / 30))
        }
        lists.forEach((list, i) => {
          start[i + 1] = start[i]! + list.length
        })
        const order = minimumDegreeOrder({ count: 30, start, neighbours: Int32Array.from(lists.flat()) })
        expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, i) => i))
      }),
      { numRuns: 200, seed: 2 },
    )
  })
})
