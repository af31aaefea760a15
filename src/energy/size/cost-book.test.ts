import { describe, expect, it } from 'vitest'
import { createModelBuilder, type ModelBuilder } from '../../solve/index.ts'
import { createCostBook } from './cost-book.ts'

/** The same calls on any builder. */
function write(builder: ModelBuilder): readonly number[] {
  const first = builder.addColumns('first', 3, { upper: 1, cost: 2 })
  const row = builder.beginRow('row', 0, 1)
  builder.term(first, 1)
  builder.endRow()
  const second = builder.addColumns('second', 2, { cost: Float64Array.of(5, 7) })
  const free = builder.addColumns('free', 2000, {})
  builder.addCost(second + 1, 0.5)
  builder.addCost(free + 1999, -1)
  builder.addOffset(11)
  builder.addOffset(2)
  return [first, second, free, row, builder.beginRow('row', 0, 1), builder.columnCount, builder.rowCount]
}

describe('a cost book', () => {
  it('numbers columns and rows and keeps costs and offset as a builder does, whatever room it began with', () => {
    const builder = createModelBuilder()
    const numbers = write(builder)
    const { model } = builder.build()
    for (const room of [0, 4, 5000]) {
      const book = createCostBook(room)
      expect(write(book)).toEqual(numbers)
      expect([...book.costs().cost]).toEqual([...model.cost])
      expect(book.costs().offset).toBe(13)
    }
  })

  it('has no model to give', () => {
    expect(() => createCostBook().build()).toThrow('no rows')
  })
})
