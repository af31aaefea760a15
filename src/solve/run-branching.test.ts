import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LinearModel, Solution } from '../kernel/index.ts'
import { dualBound } from './certificate.ts'
import { createModel, type HighsModel, loadHighs, relaxed, run } from './highs-model.ts'
import { blocksOf } from './integer-moves.ts'
import { addRows } from './more-rows.ts'
import { createRunBranching } from './run-branching.ts'
import { createRunChoices, freeRow, type Side } from './run-choices.ts'
import { storePark } from './store-park.fixture.ts'

const highs = await loadHighs()

/** Runs a solver with the bounds of a model, cuts and all. */
function solveIn(solver: HighsModel, model: LinearModel): Solution {
  solver.changeColsBounds({ kind: 'range', from: 0, to: model.columnCount - 1 }, model.columnLower, model.columnUpper)
  for (const { first, count } of model.cutRows ?? []) {
    if (count === 0) continue
    const [from, to] = [first, first + count - 1]
    const [lower, upper] = [model.rowLower.subarray(from, to + 1), model.rowUpper.subarray(from, to + 1)]
    solver.changeRowsBounds({ kind: 'range', from, to }, lower, upper)
  }
  const status = run(highs, solver, undefined)
  const { colValue, rowDual, colDual } = solver.getSolution()
  const rowDuals = Float64Array.from(rowDual)
  return {
    status: status === 'failed' ? 'none' : status,
    objective: solver.getObjectiveValue(),
    bound: status === 'optimal' ? dualBound(model, rowDuals) : Number.NEGATIVE_INFINITY,
    columnValues: Float64Array.from(colValue),
    rowDuals,
    columnDuals: Float64Array.from(colDual),
    solveMs: 0,
  }
}

/** The schedules of a model, each priced; those that cannot be run are left out. */
function schedulesOf(model: LinearModel): Solution[] {
  const solver = createModel(highs, relaxed(model))
  const integers = blocksOf(model).flatMap(({ first, count }) => Array.from({ length: count }, (_, k) => first + k))
  try {
    return Array.from({ length: 2 ** integers.length }, (_, bits) => {
      const columnLower = model.columnLower.slice()
      const columnUpper = model.columnUpper.slice()
      integers.forEach((j, index) => {
        columnLower[j] = (bits >> index) & 1
        columnUpper[j] = columnLower[j]!
      })
      return solveIn(solver, { ...model, columnLower, columnUpper })
    }).filter(({ status }) => status === 'optimal')
  } finally {
    solver.dispose()
  }
}

const machine = fc.record({
  mostKw: fc.integer({ min: 2, max: 9 }),
  startCost: fc.integer({ min: 0, max: 8 }),
  onBefore: fc.boolean(),
  warmed: fc.boolean(),
})
const park = fc.tuple(
  fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 3, maxLength: 4 }),
  fc.array(machine, { minLength: 1, maxLength: 2 }),
)

function isOn(side: Side, values: Float64Array): boolean {
  if ('row' in side) {
    const { columns, values: factors, least } = side.row
    return columns.reduce((sum, j, t) => sum + factors[t]! * values[j]!, 0) >= least - 1e-6
  }
  const { first, count, lower = Number.NEGATIVE_INFINITY, upper = Number.POSITIVE_INFINITY } = side
  return values.subarray(first, first + count).every((value) => value >= lower - 1e-6 && value <= upper + 1e-6)
}

describe('choices about stretches of a schedule', () => {
  it('leave every schedule on one of their sides, and the point they were made for on neither', () => {
    fc.assert(
      fc.property(park, ([demand, machines]) => {
        const model = storePark(demand, machines)
        const solver = createModel(highs, relaxed(model))
        const { columnValues } = solveIn(solver, model)
        solver.dispose()
        const choice = createRunChoices(model)?.({ ...model, values: columnValues })
        if (!choice) return
        expect(choice.some((side) => isOn(side, columnValues))).toBe(false)
        for (const { columnValues: values } of schedulesOf(model)) {
          expect(choice.some((side) => isOn(side, values))).toBe(true)
        }
      }),
      { seed: 20260706, numRuns: 20 },
    )
  })

  it.each([
    ['a machine', false],
    ['what has to be warm to be on', true],
  ])('ask of %s that it stands still for all of a stretch or is started', (_, warmed) => {
    const model = storePark([2, 2, 2, 2], [{ mostKw: 8, startCost: 3, onBefore: false, warmed }])
    const solver = createModel(highs, relaxed(model))
    const { columnValues } = solveIn(solver, model)
    solver.dispose()
    const [stands, starts] = createRunChoices(model)?.({ ...model, values: columnValues }) ?? []
    expect(stands).toEqual({ first: 0, count: 4, lower: 0, upper: 0 })
    const start = warmed ? 8 : 4
    const columns = [0, 1, 2, 3].map((k) => start + k)
    expect(starts).toEqual({ row: { columns, values: [1, 1, 1, 1], least: 1 } })
  })
})

describe('branching on stretches', () => {
  it('raises the bound, never above the least schedule, and up to it when it goes on to the end', () => {
    fc.assert(
      fc.property(park, fc.integer({ min: 1, max: 4 }), ([demand, machines], times) => {
        const model = storePark(demand, machines)
        const least = Math.min(...schedulesOf(model).map(({ objective }) => objective))
        const solver = createModel(highs, relaxed(model))
        const tree = createRunBranching({
          model,
          choose: createRunChoices(model)!,
          relaxation: solveIn(solver, model),
          addRow: (row) => addRows(solver, model.columnCount, [freeRow(row)]),
          relax: (other) => solveIn(solver, other),
          enough: () => false,
        })
        const before = tree.bound
        tree.branch(times)
        const then = tree.bound
        tree.branch(500)
        solver.dispose()
        const dust = 1e-6 * Math.max(1, least)
        expect(then).toBeGreaterThanOrEqual(before)
        expect(then).toBeLessThanOrEqual(least + dust)
        expect(Math.abs(tree.bound - least)).toBeLessThanOrEqual(dust)
      }),
      { seed: 20260706, numRuns: 20 },
    )
  })
})
