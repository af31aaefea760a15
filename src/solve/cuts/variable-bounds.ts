import type { LinearModel } from '../../kernel/index.ts'

/** `column ≤ constant + factor · integer`, or ≥. */
export interface VariableBound {
  readonly integer: number
  readonly constant: number
  readonly factor: number
}

/** Of each continuous column the bounds that follow an integer, where it has some. */
export interface VariableBounds {
  readonly upper: ReadonlyMap<number, readonly VariableBound[]>
  readonly lower: ReadonlyMap<number, readonly VariableBound[]>
}

/** Longer rows say little of each of their columns. */
const mostTerms = 8

/**
 * Reads from the rows what a column may be while an integer has a value: of a row with one integer in which the other
 * columns cannot lower each other, each is bounded by what the integer leaves (Van Roy & Wolsey 1987, Operations Research
 * 35(1), variable upper bounds).
 */
export function readVariableBounds(model: LinearModel): VariableBounds {
  const upper = new Map<number, VariableBound[]>()
  const lower = new Map<number, VariableBound[]>()
  for (let i = 0; i < model.rowCount; i += 1) {
    const from = model.rowStart[i]!
    const to = model.rowStart[i + 1]!
    if (to - from > mostTerms || to - from < 2) continue
    for (const [sign, side] of [
      [1, model.rowUpper[i]!],
      [-1, -model.rowLower[i]!],
    ] as const) {
      if (Number.isFinite(side)) readRow(model, { from, to, sign, side }, upper, lower)
    }
  }
  return { upper, lower }
}

interface Row {
  readonly from: number
  readonly to: number
  /** The row is `sign · Σ terms ≤ side`. */
  readonly sign: 1 | -1
  readonly side: number
}

function readRow(
  { columnIndex, coefficient, integrality, columnLower, columnUpper }: LinearModel,
  { from, to, sign, side }: Row,
  upper: Map<number, VariableBound[]>,
  lower: Map<number, VariableBound[]>,
): void {
  let integer = -1
  let factor = 0
  /** The least of the continuous terms together. */
  let leastSum = 0
  for (let at = from; at < to; at += 1) {
    const j = columnIndex[at]!
    const value = sign * coefficient[at]!
    if (value === 0) continue
    if (integrality[j] === 1) {
      if (integer >= 0) return
      integer = j
      factor = value
    } else {
      leastSum += value > 0 ? value * columnLower[j]! : value * columnUpper[j]!
    }
  }
  if (integer < 0 || !Number.isFinite(leastSum)) return
  for (let at = from; at < to; at += 1) {
    const j = columnIndex[at]!
    const value = sign * coefficient[at]!
    if (value === 0 || integrality[j] === 1) continue
    const own = value > 0 ? value * columnLower[j]! : value * columnUpper[j]!
    const bound = { integer, constant: (side - (leastSum - own)) / value, factor: -factor / value }
    const found = value > 0 ? upper : lower
    const list = found.get(j) ?? []
    found.set(j, list)
    list.push(bound)
  }
}
