import { describe, expect, it } from 'vitest'
import { createInlineSolver, createModelBuilder } from '../../solve/index.ts'
import { shareAlikeDays, valuesOfDays } from './share-days.ts'

const solver = await createInlineSolver()
const stepsPerDay = 4
const price = [1, 3, 2, 4]

/** Days of four steps: what is bought and what a store gives meet a demand; the store and the highest purchase cost once. */
function storeOver(demandOfDay: readonly number[]) {
  const steps = demandOfDay.length * stepsPerDay
  const builder = createModelBuilder()
  const size = builder.addColumns('size', 1, { upper: 100, cost: 0.5 })
  const bought = builder.addColumns('bought', steps, {
    upper: 50,
    cost: Float64Array.from({ length: steps }, (_, k) => price[k % stepsPerDay]!),
  })
  const given = builder.addColumns('given', steps, { lower: -50, upper: 50 })
  const stored = builder.addColumns('stored', steps, { upper: 100 })
  const peak = builder.addColumns('peak', 1, { upper: 50, cost: 0.1 })
  const row = (name: string, lower: number, upper: number, ...terms: readonly (readonly [number, number])[]) => {
    builder.beginRow(name, lower, upper)
    for (const [column, factor] of terms) builder.term(column, factor)
    builder.endRow()
  }
  for (let k = 0; k < steps; k += 1) {
    const demand = demandOfDay[Math.floor(k / stepsPerDay)]!
    row('balance', demand, demand, [bought + k, 1], [given + k, 1])
    // It is empty before the first step.
    if (k > 0) row('level', 0, 0, [stored + k, 1], [stored + k - 1, -1], [given + k, 1])
    else row('level', 0, 0, [stored, 1], [given, 1])
    row('room', Number.NEGATIVE_INFINITY, 0, [stored + k, 1], [size, -1])
    row('peak', 0, Number.POSITIVE_INFINITY, [peak, 1], [bought + k, -1])
  }
  return { ...builder.build(), steps, columns: { size, bought, given, stored, peak } }
}

async function solvedBothWays(demandOfDay: readonly number[], groupOfDay: readonly number[]) {
  const { model, layout, steps, columns } = storeOver(demandOfDay)
  const shared = shareAlikeDays(model, layout, { steps, stepsPerDay, groupOfDay: Int32Array.from(groupOfDay) })
  const [whole, few] = [await solver.solve(model), await solver.solve(shared.model)]
  return { model, shared, whole, few, columns, values: valuesOfDays(shared, few.columnValues) }
}

describe('days that share their columns', () => {
  it('are the same model where every day is a group of its own', async () => {
    const { model, shared, whole, few } = await solvedBothWays([8, 12, 5], [0, 1, 2])
    expect(shared.model.columnCount).toBe(model.columnCount)
    expect(shared.model.rowCount).toBe(model.rowCount)
    expect(shared.model.coefficient).toHaveLength(model.coefficient.length)
    expect(few.objective).toBeCloseTo(whole.objective, 8)
  })

  it('have the answer of all days where the days of a group are alike, at a fraction of the size', async () => {
    const days = Array.from({ length: 30 }, (_, day) => (day < 15 ? 10 : 14))
    const { model, shared, whole, few, columns, values } = await solvedBothWays(
      days,
      days.map((demand) => (demand === 10 ? 0 : 1)),
    )
    expect(shared.model.columnCount).toBeLessThan(model.columnCount / 10)
    expect(shared.model.rowCount).toBeLessThan(model.rowCount / 8)
    expect(few.objective / whole.objective).toBeCloseTo(1, 2)
    // Days of one group do the same in the same hour; a size and a peak are of all days.
    expect(values[columns.bought + 1]).toBe(values[columns.bought + 1 + stepsPerDay])
    expect(values).toHaveLength(model.columnCount)
    expect(values[columns.size]! / whole.columnValues[columns.size]!).toBeCloseTo(1, 1)
  })

  it('weigh what they stand for: the cost of the expanded answer is the objective of the shared model', async () => {
    const days = [10, 11, 9, 20, 10, 21, 9]
    const { model, few, values } = await solvedBothWays(days, [0, 0, 0, 1, 0, 1, 0])
    const cost = model.cost.reduce((sum, each, j) => sum + each * values[j]!, 0)
    expect(cost).toBeCloseTo(few.objective, 6)
  })

  it('take the mean of what differs within a group', async () => {
    const { shared, columns } = await solvedBothWays([10, 20], [0, 0])
    const row = shared.model.rowLower.findIndex((lower) => lower > 0)
    expect(shared.model.rowLower[row]).toBe(15)
    expect(shared.model.cost[shared.columnOf[columns.bought + 3]!]).toBe(2 * price[3]!)
  })

  it('finds the hour of what is written for part of the time by the rows it stands in', () => {
    const builder = createModelBuilder()
    const steps = 12
    const power = builder.addColumns('power', steps, { upper: 10, cost: 1 })
    // Two stays of one name, on day 0 and day 2, each over its last two hours, with what they lack.
    const stays = [2, 10].map((from) => ({
      from,
      charge: builder.addColumns('stay.power', 2, { upper: 5 }),
      short: builder.addColumns('stay.short', 1, { upper: 6, cost: 100 }),
    }))
    for (const { charge, short } of stays) {
      builder.beginRow('stay.energy', 6, 6)
      builder.term(charge, 1)
      builder.term(charge + 1, 1)
      builder.term(short, 1)
      builder.endRow()
    }
    for (let k = 0; k < steps; k += 1) {
      builder.beginRow('balance', 0, 0)
      builder.term(power + k, 1)
      for (const { from, charge } of stays) if (k >= from && k < from + 2) builder.term(charge + k - from, -1)
      builder.endRow()
    }
    const { model, layout } = builder.build()
    const { columnOf, model: few } = shareAlikeDays(model, layout, {
      steps,
      stepsPerDay,
      groupOfDay: Int32Array.from([0, 1, 0]),
    })
    const [first, second] = stays as [(typeof stays)[0], (typeof stays)[0]]
    expect(columnOf[first.charge]).toBe(columnOf[second.charge])
    expect(columnOf[first.charge + 1]).toBe(columnOf[second.charge + 1])
    expect(columnOf[first.short]).toBe(columnOf[second.short])
    expect(columnOf[first.charge]).not.toBe(columnOf[first.charge + 1])
    // One stay for both, and its lack costs what two lacks cost.
    expect(few.columnCount).toBe(8 + 3)
    expect(few.cost[columnOf[first.short]!]).toBe(200)
  })
})
