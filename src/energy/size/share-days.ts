import type { LinearModel } from '../../kernel/index.ts'
import type { ModelLayout } from '../../solve/index.ts'

/** A model in which alike days share their columns and rows, with the way back to all days. */
export interface SharedModel {
  readonly model: LinearModel
  /** The column of the shared model that stands for each column. */
  readonly columnOf: Int32Array
}

/** How the steps of a model fall into days, and which days are alike. */
export interface AlikeDays {
  readonly steps: number
  readonly stepsPerDay: number
  /** Group of each day. */
  readonly groupOfDay: Int32Array
}

const everywhere = -1

/**
 * Writes a model of few days from one of many. Columns of one name that belong to the same hour of days of one group become
 * one column, and so do their rows, by their mean; what belongs to no single day (sizes, peaks of months, targets) stays.
 * Costs add up, so groups weigh what their days weigh. Where a row reaches into the day before, as the level of a store does,
 * the mean is over the days before: what a store holds passes on from group to group as often as their days follow each other.
 */
export function shareAlikeDays(model: LinearModel, layout: ModelLayout, days: AlikeDays): SharedModel {
  const { stepsPerDay, groupOfDay } = days
  const blockOf = blocksOf(layout.columns, model.columnCount)
  const stepOf = stepsOfColumns(model, layout, days)
  const slotOf = (step: number): number =>
    groupOfDay[Math.floor(step / stepsPerDay)]! * stepsPerDay + (step % stepsPerDay)
  const slots = 1 + slotOf(0) + stepsPerDay * (groupOfDay.reduce((most, group) => Math.max(most, group), 0) + 1)

  const columnIds = new Map<number, number>()
  const columnOf = new Int32Array(model.columnCount)
  let columnCount = 0
  for (let j = 0; j < model.columnCount; j += 1) {
    if (stepOf[j] === everywhere) {
      columnOf[j] = columnCount
      columnCount += 1
      continue
    }
    const key = blockOf[j]! * slots + slotOf(stepOf[j]!)
    const known = columnIds.get(key)
    columnOf[j] = known ?? columnCount
    if (known === undefined) {
      columnIds.set(key, columnCount)
      columnCount += 1
    }
  }

  // Rows of one name, hour and group, which bind the same columns of no single day, become one.
  const rowBlockOf = blocksOf(layout.rows, model.rowCount)
  const rowIds = new Map<string, number>()
  const rowOf = new Int32Array(model.rowCount)
  let rowCount = 0
  for (let i = 0; i < model.rowCount; i += 1) {
    const { last, fixed, first } = reachOfRow(model, stepOf, i, stepsPerDay)
    if (last === everywhere) {
      rowOf[i] = rowCount
      rowCount += 1
      continue
    }
    // Rows that were added later have no name: their first column's will do.
    const name = i < layout.rowCount ? rowBlockOf[i]! : -1 - blockOf[first]!
    const key = `${name} ${slotOf(last)} ${fixed}`
    const known = rowIds.get(key)
    rowOf[i] = known ?? rowCount
    if (known === undefined) {
      rowIds.set(key, rowCount)
      rowCount += 1
    }
  }
  return { model: summed(model, { columnOf, columnCount, rowOf, rowCount }), columnOf }
}

/** The values of all days' columns in a solution of the shared model. */
export const valuesOfDays = ({ columnOf }: SharedModel, values: Float64Array): Float64Array =>
  Float64Array.from(columnOf, (column) => values[column]!)

/** Number of the name of each column or row; blocks of one name have one number. */
function blocksOf(blocks: ModelLayout['columns'], count: number): Int32Array {
  const numbers = new Map<string, number>()
  const blockOf = new Int32Array(count).fill(-1)
  blocks.forEach(({ name, first }, index) => {
    const number = numbers.get(name) ?? numbers.size
    numbers.set(name, number)
    blockOf.fill(number, first, Math.min(count, blocks[index + 1]?.first ?? count))
  })
  return blockOf
}

/** The step each column belongs to; −1 for those of no single day. */
function stepsOfColumns(model: LinearModel, layout: ModelLayout, { steps, stepsPerDay }: AlikeDays): Int32Array {
  const stepOf = new Int32Array(model.columnCount).fill(everywhere)
  layout.columns.forEach(({ first }, index) => {
    const end = layout.columns[index + 1]?.first ?? layout.columnCount
    if (end - first === steps) for (let k = 0; k < steps; k += 1) stepOf[first + k] = k
  })
  // What is written for part of the steps stands in rows with what is written for all of them: first those of one step
  // (a balance of power), then those of a day or two (the energy of a stay).
  for (const width of [0, 2 * stepsPerDay]) {
    const low = new Int32Array(model.columnCount).fill(steps)
    const high = new Int32Array(model.columnCount).fill(-1)
    for (let i = 0; i < model.rowCount; i += 1) {
      let [from, to] = [steps, -1]
      for (let e = model.rowStart[i]!; e < model.rowStart[i + 1]!; e += 1) {
        const step = stepOf[model.columnIndex[e]!]!
        if (step === everywhere) continue
        from = Math.min(from, step)
        to = Math.max(to, step)
      }
      if (to < 0 || (width === 0 && from !== to)) continue
      for (let e = model.rowStart[i]!; e < model.rowStart[i + 1]!; e += 1) {
        const j = model.columnIndex[e]!
        low[j] = Math.min(low[j]!, from)
        high[j] = Math.max(high[j]!, to)
      }
    }
    for (let j = 0; j < model.columnCount; j += 1) {
      if (stepOf[j] === everywhere && high[j]! >= 0 && high[j]! - low[j]! <= width) stepOf[j] = high[j]!
    }
  }
  return stepOf
}

function reachOfRow(model: LinearModel, stepOf: Int32Array, row: number, stepsPerDay: number) {
  let from = Number.POSITIVE_INFINITY
  let last = everywhere
  let first = -1
  let fixed = ''
  for (let e = model.rowStart[row]!; e < model.rowStart[row + 1]!; e += 1) {
    const j = model.columnIndex[e]!
    if (stepOf[j] === everywhere) {
      fixed += `${j},`
      continue
    }
    if (first < 0) first = j
    from = Math.min(from, stepOf[j]!)
    last = Math.max(last, stepOf[j]!)
  }
  return { last: last - from > 2 * stepsPerDay ? everywhere : last, fixed, first }
}

interface Shared {
  readonly columnOf: Int32Array
  readonly columnCount: number
  readonly rowOf: Int32Array
  readonly rowCount: number
}

/** The model whose columns and rows are the means of those that they stand for; costs are their sums. */
function summed(model: LinearModel, { columnOf, columnCount, rowOf, rowCount }: Shared): LinearModel {
  const members = new Float64Array(columnCount)
  const cost = new Float64Array(columnCount)
  const columnLower = new Float64Array(columnCount)
  const columnUpper = new Float64Array(columnCount)
  for (let j = 0; j < model.columnCount; j += 1) {
    const to = columnOf[j]!
    members[to] = members[to]! + 1
    cost[to] = cost[to]! + model.cost[j]!
    columnLower[to] = columnLower[to]! + model.columnLower[j]!
    columnUpper[to] = columnUpper[to]! + model.columnUpper[j]!
  }
  for (let j = 0; j < columnCount; j += 1) {
    columnLower[j] = columnLower[j]! / members[j]!
    columnUpper[j] = columnUpper[j]! / members[j]!
  }
  const rowLower = new Float64Array(rowCount)
  const rowUpper = new Float64Array(rowCount)
  const rowMembers = new Int32Array(rowCount + 1)
  for (let i = 0; i < model.rowCount; i += 1) {
    const to = rowOf[i]!
    rowMembers[to + 1] = rowMembers[to + 1]! + 1
    rowLower[to] = rowLower[to]! + model.rowLower[i]!
    rowUpper[to] = rowUpper[to]! + model.rowUpper[i]!
  }
  for (let i = 0; i < rowCount; i += 1) rowMembers[i + 1] = rowMembers[i + 1]! + rowMembers[i]!
  const next = rowMembers.slice(0, rowCount)
  const ordered = new Int32Array(model.rowCount)
  for (let i = 0; i < model.rowCount; i += 1) {
    const to = rowOf[i]!
    ordered[next[to]!] = i
    next[to] = next[to]! + 1
  }
  const rowStart = new Int32Array(rowCount + 1)
  const columnIndex = new Int32Array(model.columnIndex.length)
  const coefficient = new Float64Array(model.columnIndex.length)
  const at = new Int32Array(columnCount).fill(-1)
  let entries = 0
  for (let r = 0; r < rowCount; r += 1) {
    const begin = entries
    const count = rowMembers[r + 1]! - rowMembers[r]!
    for (let m = rowMembers[r]!; m < rowMembers[r + 1]!; m += 1) {
      const i = ordered[m]!
      for (let e = model.rowStart[i]!; e < model.rowStart[i + 1]!; e += 1) {
        const to = columnOf[model.columnIndex[e]!]!
        const part = model.coefficient[e]! / count
        if (at[to]! >= begin) {
          coefficient[at[to]!] = coefficient[at[to]!]! + part
          continue
        }
        at[to] = entries
        columnIndex[entries] = to
        coefficient[entries] = part
        entries += 1
      }
    }
    rowLower[r] = rowLower[r]! / count
    rowUpper[r] = rowUpper[r]! / count
    rowStart[r + 1] = entries
  }
  return {
    columnCount,
    rowCount,
    offset: model.offset,
    cost,
    columnLower,
    columnUpper,
    integrality: new Uint8Array(columnCount),
    rowLower,
    rowUpper,
    rowStart,
    columnIndex: columnIndex.slice(0, entries),
    coefficient: coefficient.slice(0, entries),
  }
}
