import { describe, expect, it } from 'vitest'
import type { LinearModel, Solution } from '../kernel/index.ts'
import { dualBound } from './certificate.ts'
import { closeGap } from './close-gap.ts'
import { createModel, loadHighs, relaxed, run } from './highs-model.ts'
import { createModelBuilder } from './model-builder.ts'

const highs = await loadHighs()

/** A machine of 10 kW that costs 7 while it is on, beside power at 1 a kW; a demand of 4 kW: 4, or 2.8 with part of a machine. */
function oneStep(): LinearModel {
  const builder = createModelBuilder()
  const on = builder.addColumns('on', 1, { upper: 1, cost: 7, integer: true })
  const power = builder.addColumns('power', 1, { upper: 10 })
  const bought = builder.addColumns('bought', 1, { upper: 20, cost: 1 })
  const lost = builder.addColumns('lost', 1, { upper: 20 })
  builder.beginRow('most', Number.NEGATIVE_INFINITY, 0)
  builder.term(power, 1)
  builder.term(on, -10)
  builder.endRow()
  builder.beginRow('balance', 4, 4)
  for (const column of [power, bought]) builder.term(column, 1)
  builder.term(lost, -1)
  builder.endRow()
  return builder.build().model
}

function close(known: ((relaxation: Solution) => Solution) | undefined) {
  const model = oneStep()
  const tight = createModel(highs, relaxed(model))
  const solve = (other: LinearModel): Solution => {
    tight.changeColsBounds({ kind: 'range', from: 0, to: 3 }, other.columnLower, other.columnUpper)
    const status = run(highs, tight, undefined) as 'optimal'
    const { colValue, rowDual, colDual } = tight.getSolution()
    const duals = Float64Array.from(rowDual)
    const found = { objective: tight.getObjectiveValue(), bound: dualBound(other, duals), rowDuals: duals, solveMs: 0 }
    return { ...found, status, columnValues: Float64Array.from(colValue), columnDuals: Float64Array.from(colDual) }
  }
  try {
    const relaxation = solve(model)
    let latest = model
    const closed = closeGap({
      model,
      relaxation,
      tight,
      relax(other) {
        latest = other
        return solve(other)
      },
      price(values) {
        const columnLower = model.columnLower.slice()
        const columnUpper = model.columnUpper.slice()
        columnLower[0] = values[0]!
        columnUpper[0] = values[0]!
        return solve({ ...latest, columnLower, columnUpper })
      },
      known: known?.(relaxation),
      within: (objective, bound) => objective - bound <= 1e-6,
    })
    return { model, relaxation, closed }
  } finally {
    tight.dispose()
  }
}

describe('closing a gap before branch and bound', () => {
  it('finds the whole optimum and a bound that proves it', () => {
    const { relaxation, closed } = close(undefined)
    expect(relaxation.objective).toBeCloseTo(2.8, 9)
    expect(closed.best?.objective).toBeCloseTo(4, 9)
    expect(closed.bound).toBeCloseTo(4, 6)
    expect(closed.bound).toBeLessThanOrEqual(4 + 1e-9)
  })

  it('gives no cut any weight that a known solution disproves', () => {
    // No such solution exists; where one is priced nevertheless, something before it went wrong.
    const { model, relaxation, closed } = close((from) => ({ ...from, objective: 3 }))
    expect(closed.bound).toBe(relaxation.bound)
    expect(closed.tightened).toBe(model)
  })
})
