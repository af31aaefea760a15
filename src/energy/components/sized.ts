import type { ModelBuilder } from '../../solve/index.ts'

/** How large a machine is: a number, or `per` times a column that decides it, up to `most`. */
export type Size = number | { readonly column: number; readonly per: number; readonly most: number }

/** The size in a solution. */
export const sizeIn = (size: Size, columnValues: Float64Array): number =>
  typeof size === 'number' ? size : size.per * columnValues[size.column]!

/** The largest the size can be. */
export const mostOf = (size: Size): number => (typeof size === 'number' ? size : size.most)

export interface SizedOptions {
  readonly size: Size
  /** Part of the size that a step allows: a number, or one a step. Default 1. */
  readonly share?: number | Float64Array
  readonly cost?: number | Float64Array
  /** Whether all of it must be given, as of a source that cannot be curtailed. */
  readonly whole?: boolean
}

const at = (values: number | Float64Array, k: number): number => (typeof values === 'number' ? values : values[k]!)

/**
 * Adds `count` columns `0 ≤ x ≤ share × size`. A known size becomes a bound; a decided one a row, and the bound is that of
 * the largest size, so that duals prove a finite bound.
 *
 * @returns index of the first column
 */
export function addSizedColumns(model: ModelBuilder, name: string, count: number, options: SizedOptions): number {
  const { size, share = 1, cost = 0, whole = false } = options
  const most = mostOf(size)
  const upper = typeof share === 'number' ? share * most : share.map((value) => value * most)
  if (typeof size === 'number') return model.addColumns(name, count, { lower: whole ? upper : 0, upper, cost })
  const first = model.addColumns(name, count, { upper, cost })
  for (let k = 0; k < count; k += 1) {
    // Where the share is nothing, the bound says it all.
    if (at(share, k) === 0) continue
    model.beginRow(`${name}.sized`, whole ? 0 : Number.NEGATIVE_INFINITY, 0)
    model.term(first + k, 1)
    model.term(size.column, -at(share, k) * size.per)
    model.endRow()
  }
  return first
}

/**
 * Begins a row `lower ≤ … + coefficient × size ≤ upper`: a known size moves the bounds, a decided one is a term. Other terms
 * and `endRow` are the caller's.
 */
export function beginSizedRow(model: ModelBuilder, name: string, { size, coefficient, lower, upper }: SizedRow): void {
  const known = typeof size === 'number' ? coefficient * size : 0
  model.beginRow(name, lower - known, upper - known)
  if (typeof size !== 'number' && coefficient !== 0) model.term(size.column, coefficient * size.per)
}

interface SizedRow {
  readonly size: Size
  readonly coefficient: number
  readonly lower: number
  readonly upper: number
}
