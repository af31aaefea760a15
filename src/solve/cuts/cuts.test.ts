import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LinearModel } from '../../kernel/index.ts'
import { createModel, loadHighs, relaxed, run } from '../highs-model.ts'
import { createInlineSolver } from '../inline-solver.ts'
import { createModelBuilder } from '../model-builder.ts'
import { createCutPool, selectCuts } from './cut-rounds.ts'
import type { Cut } from './rounding.ts'
import { createSeparator } from './separator.ts'
import { createTightener } from './tighten.ts'
import { readVariableBounds } from './variable-bounds.ts'

const solver = await createInlineSolver()
const highs = await loadHighs()

interface Site {
  readonly demand: readonly number[]
  readonly machines: readonly { readonly mostKw: number; readonly leastShare: number; readonly onCost: number }[]
  readonly storeKwh: number
  readonly peakCost: number
}

/** Machines, a connection that is paid by its peak, and a store between them and a demand. */
function sitePark({ demand, machines, storeKwh, peakCost }: Site): LinearModel {
  const model = createModelBuilder()
  const count = demand.length
  const sets = machines.map(({ mostKw, leastShare, onCost }) => {
    const on = model.addColumns('on', count, { upper: 1, cost: onCost, integer: true })
    const power = model.addColumns('power', count, { upper: mostKw, cost: 0.3 })
    for (let k = 0; k < count; k += 1) {
      model.beginRow('least', 0, Number.POSITIVE_INFINITY)
      model.term(power + k, 1)
      model.term(on + k, -leastShare * mostKw)
      model.endRow()
      model.beginRow('most', Number.NEGATIVE_INFINITY, 0)
      model.term(power + k, 1)
      model.term(on + k, -mostKw)
      model.endRow()
    }
    return power
  })
  const imported = model.addColumns('import', count, { upper: 30, cost: 0.5 })
  const peak = model.addColumns('peak', 1, { lower: 3, upper: 30, cost: peakCost })
  const lost = model.addColumns('lost', count, { upper: 30, cost: 0.01 })
  const stored = model.addColumns('stored', count, { upper: storeKwh })
  for (let k = 0; k < count; k += 1) {
    model.beginRow('peak', 0, Number.POSITIVE_INFINITY)
    model.term(peak, 1)
    model.term(imported + k, -1)
    model.endRow()
    model.beginRow('balance', demand[k]!, demand[k]!)
    for (const power of sets) model.term(power + k, 1)
    model.term(imported + k, 1)
    model.term(lost + k, -1)
    model.term(stored + k, -1)
    if (k > 0) model.term(stored + k - 1, 0.9)
    model.endRow()
  }
  return model.build().model
}

const site: fc.Arbitrary<Site> = fc.record({
  demand: fc.array(fc.integer({ min: 0, max: 14 }), { minLength: 3, maxLength: 3 }),
  machines: fc.array(
    fc.record({
      mostKw: fc.integer({ min: 2, max: 12 }),
      leastShare: fc.constantFrom(0, 0.3, 0.7),
      onCost: fc.integer({ min: 0, max: 6 }),
    }),
    { minLength: 1, maxLength: 2 },
  ),
  storeKwh: fc.integer({ min: 0, max: 8 }),
  peakCost: fc.constantFrom(0.1, 2, 20),
})

/** Each choice of the integers. */
function* schedules(model: LinearModel): Generator<LinearModel> {
  const integers = Array.from(model.integrality.keys()).filter((j) => model.integrality[j] === 1)
  for (let bits = 0; bits < 2 ** integers.length; bits += 1) {
    const columnLower = model.columnLower.slice()
    const columnUpper = model.columnUpper.slice()
    integers.forEach((j, index) => {
      columnLower[j] = (bits >> index) & 1
      columnUpper[j] = columnLower[j]!
    })
    yield { ...model, columnLower, columnUpper, integrality: new Uint8Array(model.columnCount) }
  }
}

/** The most that the left side of a cut comes to over all solutions with whole integers. */
async function mostOf(model: LinearModel, cut: Cut): Promise<number> {
  let most = Number.NEGATIVE_INFINITY
  const cost = new Float64Array(model.columnCount)
  cut.columns.forEach((j, t) => {
    cost[j] = -cut.values[t]!
  })
  for (const fixed of schedules(model)) {
    const { status, objective } = await solver.solve({ ...fixed, cost, offset: 0 })
    if (status === 'optimal') most = Math.max(most, -objective)
  }
  return most
}

async function leastOf(model: LinearModel): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (const fixed of schedules(model)) {
    const { status, objective } = await solver.solve(fixed)
    if (status === 'optimal') least = Math.min(least, objective)
  }
  return least
}

/** The point that minimises a relaxation, and its row activities. */
function corner(model: LinearModel) {
  const linear = createModel(highs, relaxed(model))
  try {
    expect(run(highs, linear, undefined)).toBe('optimal')
    const { colValue, rowValue } = linear.getSolution()
    return { point: Float64Array.from(colValue), activity: Float64Array.from(rowValue) }
  } finally {
    linear.dispose()
  }
}

describe('cuts by mixed-integer rounding', () => {
  it('cut off the point they are made for and no solution with whole integers, whatever the rows summed', async () => {
    let made = 0
    await fc.assert(
      fc.asyncProperty(
        site,
        fc.array(fc.tuple(fc.nat({ max: 100 }), fc.constantFrom(-2, -1, -0.5, 0.37, 1, 3)), {
          minLength: 1,
          maxLength: 6,
        }),
        async (options, sums) => {
          const model = sitePark(options)
          const { point, activity } = corner(model)
          const separator = createSeparator(model, createCutPool(model))
          const multipliers = [...new Map(sums.map(([row, value]) => [row % model.rowCount, value]))].map(
            ([row, value]) => ({ row, value }),
          )
          const found = separator.starts.flatMap((start) => separator.cutsAlong(start, point, activity))
          const summed = separator.cutFrom(multipliers, point, activity)
          for (const cut of selectCuts(summed ? [summed, ...found] : found, model.columnCount).slice(0, 6)) {
            made += 1
            const here = cut.columns.reduce((sum, j, t) => sum + cut.values[t]! * point[j]!, 0)
            expect(here).toBeGreaterThan(cut.most)
            expect(await mostOf(model, cut)).toBeLessThanOrEqual(cut.most + 1e-6)
          }
        },
      ),
      { numRuns: 40, seed: 11 },
    )
    expect(made).toBeGreaterThan(40)
  }, 60_000)

  it('count a column once that comes back after its terms have cancelled', () => {
    const builder = createModelBuilder()
    const z = builder.addColumns('z', 1, { upper: 3, integer: true })
    const x = builder.addColumns('x', 1, {})
    const u = builder.addColumns('u', 1, { upper: 3 })
    for (const [other, lower, upper] of [
      [x, Number.NEGATIVE_INFINITY, 1.5],
      [u, 0, 0],
      [u, 0, 0],
    ] as const) {
      builder.beginRow('row', lower, upper)
      builder.term(z, 1)
      builder.term(other, -1)
      builder.endRow()
    }
    const { model } = builder.build()
    const separator = createSeparator(model, createCutPool(model))
    const multipliers = [1, -1, 1].map((value, row) => ({ row, value }))
    const cut = separator.cutFrom(multipliers, Float64Array.of(1.5, 0, 1.5), Float64Array.of(1.5, 0, 0))!
    const left = (values: readonly number[]): number =>
      cut.columns.reduce((sum, j, t) => sum + cut.values[t]! * values[j]!, 0)
    // z − x ≤ 1.5 rounds to z − 2x ≤ 1, which these meet.
    for (const values of [
      [1, 0, 1],
      [2, 0.5, 2],
      [3, 1, 3],
    ]) {
      expect(left(values)).toBeCloseTo(cut.most, 6)
    }
  })

  it('raise the bound of a relaxation towards the optimum and never past it', async () => {
    let closed = 0
    await fc.assert(
      fc.asyncProperty(site, async (options) => {
        const model = sitePark(options)
        const relaxation = await solver.solve(relaxed(model))
        const least = await leastOf(model)
        const linear = createModel(highs, relaxed(model))
        try {
          run(highs, linear, undefined)
          const tightener = createTightener({
            model,
            solver: linear,
            relaxation,
            run(wider) {
              const status = run(highs, linear, undefined) as 'optimal'
              const { rowDual, colValue } = linear.getSolution()
              expect(rowDual.length).toBe(wider.rowCount)
              const objective = linear.getObjectiveValue()
              return { ...relaxation, status, objective, bound: objective, columnValues: Float64Array.from(colValue) }
            },
            enough: () => false,
          })
          for (const from of ['rows', 'tableau'] as const) {
            const before = tightener.now.relaxation.bound
            tightener.raise(from)
            expect(tightener.now.relaxation.bound).toBeGreaterThanOrEqual(before - 1e-7)
          }
          expect(tightener.now.relaxation.bound).toBeLessThanOrEqual(least + 1e-6 * Math.max(1, Math.abs(least)))
          const gap = least - relaxation.objective
          if (gap > 1e-3 && tightener.now.relaxation.bound - relaxation.objective > 0.5 * gap) closed += 1
        } finally {
          linear.dispose()
        }
      }),
      { numRuns: 30, seed: 3 },
    )
    // In a third of the sites at least half of the gap is closed.
    expect(closed).toBeGreaterThan(9)
  }, 60_000)
})

describe('bounds that follow an integer', () => {
  it('are read from rows with one integer, and hold for all that the row allows', () => {
    const model = sitePark({
      demand: [5],
      machines: [{ mostKw: 8, leastShare: 0.5, onCost: 1 }],
      storeKwh: 2,
      peakCost: 1,
    })
    const { upper, lower } = readVariableBounds(model)
    const power = 1
    expect(upper.get(power)).toEqual([{ integer: 0, constant: 0, factor: 8 }])
    expect(lower.get(power)?.map(({ constant, factor }) => constant + factor)).toEqual([4])
  })
})
