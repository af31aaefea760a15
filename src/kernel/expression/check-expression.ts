import { kernelErrors } from '../kernel-errors.ts'
import { type Dimension, dimensionWords, inCurrency, parseUnit, sameDimension } from '../units/index.ts'
import type { PointColumn } from './column.ts'
import { evaluateProgram, type PointColumns } from './evaluate-program.ts'
import { refsOf } from './expression.ts'
import { parseExpression } from './parse-expression.ts'
import { scaled } from './program.ts'
import { type ExpressionScope, settleUnits } from './settle-units.ts'

export interface ExpressionOptions extends ExpressionScope {
  /** Unit that the result is converted to. */
  readonly unit: string
}

/** An expression that can be evaluated: every point is known and all units fit. */
export interface CheckedExpression {
  readonly text: string
  /** Points it names, each once. */
  readonly refs: readonly string[]
  readonly dimension: Dimension
  /** Unit of the result. */
  readonly unit: string
  /**
   * One result a row, from the row of every point's column, each in the unit of its point. A point without a column is
   * missing. Missing spreads, except through `coalesce` and the part that `if` does not choose; a division by zero is
   * missing. Quality is the worst of what was used.
   */
  evaluate(columns: PointColumns, count: number): PointColumn
}

/**
 * Reads and checks an expression over points: `(grid.powerKw + pv.powerKw) * 0.58 kgCO2e/kWh`.
 *
 * @throws `kernel.bad-expression`, `kernel.unknown-point`, `kernel.bad-unit`, `kernel.unit-mismatch`; each with the column
 */
export function checkExpression(text: string, { unit, ...scope }: ExpressionOptions): CheckedExpression {
  const expression = parseExpression(text)
  const settled = settleUnits(expression, text, scope)
  const wanted = inCurrency(unit, scope.currency ?? 'CUR')
  const target = parseUnit(wanted)
  const { dimension } = settled
  const refuse = (is: string, meant: string) =>
    kernelErrors.unitMismatch({
      detail: `Column 1: the expression is ${is}; ${meant} is meant`,
      found: text,
      expected: `a result in ${wanted}`,
    })
  if (!sameDimension(dimension, target.dimension))
    throw refuse(dimensionWords(dimension), dimensionWords(target.dimension))
  if (target.offset !== 0 && !settled.reading) throw refuse('a difference in K', `a reading in ${wanted}`)
  const program = scaled(settled.program, settled.factor / target.factor, -target.offset / target.factor)
  return {
    text,
    refs: refsOf(expression),
    dimension,
    unit: wanted,
    evaluate: (columns, count) => evaluateProgram(program, columns, count),
  }
}
