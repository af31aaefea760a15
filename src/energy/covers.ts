import type { ModelBuilder } from '../solve/index.ts'
import type { BusPlace, BusUse } from './bus.ts'

/** How an asset's columns stand to the machines that are on. */
export interface Cover {
  /** Power that only machines give that are on: at most `mostKw` for each of `on`. */
  readonly committed?: readonly { readonly power: number; readonly on: number; readonly mostKw: number }[]
  /** Supply that cannot exceed `mostKw`, one a step: of sources (0), or of demand that is moved or left out (1). */
  readonly bounded?: readonly { readonly power: number; readonly mostKw: Float64Array; readonly rank: 0 | 1 }[]
}

interface Covered {
  readonly formulated: { readonly cover?: Cover }
  readonly uses: readonly BusUse[]
}

/**
 * Flow cover inequalities (Padberg, Van Roy & Wolsey 1985, Operations Research 33(4)) on the balance of a step: what machines
 * that are off do not give has to come from somewhere. With a net demand N after all that `bounded` supply could give,
 *
 *     other supply ≥ N − Σ min(N, mostKw) · on
 *
 * holds for whole `on`, and forbids that a small part of a large machine runs in the relaxation while batteries and shifted
 * loads, which would have to cover the rest of the time, do nothing. Once with sources as `bounded` supply, once with demand
 * that may be moved too. Only for sites with one electricity bus, where no supply is below nothing.
 *
 * @returns the rows, for `LinearModel.cutRows`; of one pattern whatever the numbers are
 */
export function writeCovers(
  model: ModelBuilder,
  parts: readonly Covered[],
  places: readonly BusPlace[],
): { readonly first: number; readonly count: number }[] {
  const electric = places.filter(({ carrier }) => carrier === 'electricity')
  const committed = parts.flatMap(({ formulated }) => formulated.cover?.committed ?? [])
  const bounded = parts.flatMap(({ formulated }) => formulated.cover?.bounded ?? [])
  const [place, ...others] = electric
  if (!place || others.length > 0 || committed.length === 0) return []
  const supplies = parts.flatMap(({ uses }) =>
    uses.filter(({ carrier, factor }) => carrier === 'electricity' && factor > 0),
  )
  const first = model.rowCount
  const ranks = bounded.some(({ rank }) => rank === 1) ? [0, 1] : [0]
  for (const most of ranks) {
    const absorbed = bounded.filter(({ rank }) => rank <= most)
    const inside = new Set([...absorbed, ...committed].map(({ power }) => power))
    const rest = supplies.filter((use) => !inside.has(use.first))
    place.fixedKw.forEach((fixedKw, k) => {
      const netKw = absorbed.reduce((net, { mostKw }) => net - mostKw[k]!, fixedKw)
      model.beginRow('cover', netKw > 0 ? netKw : Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)
      for (const { first: column, from, to, factor } of rest) {
        if (k >= from && k < to) model.term(column + k - from, factor)
      }
      for (const { on, mostKw } of committed) model.term(on + k, netKw > 0 ? Math.min(netKw, mostKw) : mostKw)
      model.endRow()
    })
  }
  return [{ first, count: model.rowCount - first }]
}
