import type { ColumnOptions, ModelBuilder } from '../../solve/index.ts'

/** What every column of a model costs, and what is owed anyway. */
export interface Costs {
  readonly cost: Float64Array
  readonly offset: number
}

/** A builder that keeps the costs of a model and nothing else: what a park would cost at other prices, without its rows. */
export interface CostBook extends ModelBuilder {
  costs(): Costs
}

/** @param columnCount columns that will be added, where that is known; more find their place too */
export function createCostBook(columnCount = 1024): CostBook {
  let cost = new Float64Array(Math.max(1, columnCount))
  let columns = 0
  let rows = 0
  let offset = 0
  const reserve = (count: number): void => {
    if (columns + count <= cost.length) return
    const wider = new Float64Array(Math.max(columns + count, 2 * cost.length))
    wider.set(cost)
    cost = wider
  }
  return {
    get columnCount() {
      return columns
    },
    get rowCount() {
      return rows
    },
    addColumns(_name: string, count: number, { cost: costs = 0 }: ColumnOptions) {
      const first = columns
      reserve(count)
      if (typeof costs === 'number') cost.fill(costs, first, first + count)
      else cost.set(costs, first)
      columns += count
      return first
    },
    beginRow() {
      rows += 1
      return rows - 1
    },
    term() {},
    endRow() {},
    addOffset(value: number) {
      offset += value
    },
    addCost(column: number, value: number) {
      cost[column] = cost[column]! + value
    },
    setBounds() {},
    setInteger() {},
    build() {
      throw new Error('A cost book has no rows to build a model of')
    },
    costs: () => ({ cost: cost.subarray(0, columns), offset }),
  }
}
