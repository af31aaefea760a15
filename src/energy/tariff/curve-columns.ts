import type { ModelBuilder } from '../../solve/index.ts'
import type { CurveBlock } from './curve.ts'

/**
 * Adds a column for each block, as wide as the block, at the price of the block times `factor`. Their sum is the quantity.
 * Rising prices fill in order by themselves. Where a later block is cheaper than one before, a binary lets the later begin
 * only when the earlier are full (incremental formulation, Markowitz and Manne 1957).
 *
 * @returns the columns in the order of the blocks
 */
export function addBlockColumns(
  model: ModelBuilder,
  name: string,
  blocks: readonly CurveBlock[],
  factor: number,
): readonly number[] {
  const columns = blocks.map(({ width, price }) =>
    model.addColumns(name, 1, { lower: 0, upper: width, cost: price * factor }),
  )
  for (let i = 0; i + 1 < blocks.length; i += 1) {
    if (!fallsAfter(blocks, i)) continue
    const full = model.addColumns(`${name}.full`, 1, { lower: 0, upper: 1, integer: true })
    model.beginRow(`${name}.fills`, 0, Number.POSITIVE_INFINITY)
    model.term(columns[i]!, 1)
    model.term(full, -blocks[i]!.width)
    model.endRow()
    model.beginRow(`${name}.begins`, Number.NEGATIVE_INFINITY, 0)
    model.term(columns[i + 1]!, 1)
    model.term(full, -blocks[i + 1]!.width)
    model.endRow()
  }
  return columns
}

/** Whether a block after the `i`th is cheaper than the `i`th or one before it. */
const fallsAfter = (blocks: readonly CurveBlock[], i: number): boolean =>
  Math.min(...blocks.slice(i + 1).map(({ price }) => price)) <
  Math.max(...blocks.slice(0, i + 1).map(({ price }) => price))
