import { carbonErrors } from '../errors.ts'
import type { Factor, FactorKind } from './factor.ts'
import type { FactorSet } from './read-set.ts'

/** Sets of factors, found by kind and subject. */
export interface FactorBook {
  readonly sets: readonly FactorSet[]
  of(kind: FactorKind, subject: string): readonly Factor[]
  /** @throws `carbon.unknown-factor` */
  get(id: string): Factor
  /** Of a province; undefined where no set says. */
  gridRegionOf(region: string): string | undefined
}

/**
 * Puts sets together. A set may not take the name of another: what a user brings never shadows what was shipped.
 *
 * @throws `carbon.bad-factor-set`
 */
export function createFactorBook(sets: readonly FactorSet[]): FactorBook {
  const names = new Set<string>()
  for (const { id } of sets) {
    if (names.has(id)) throw carbonErrors.badFactorSet({ detail: 'Two sets have this id', found: id })
    names.add(id)
  }
  const factors = sets.flatMap((set) => set.factors)
  const byId = new Map(factors.map((factor) => [factor.id, factor]))
  const byQuestion = Map.groupBy(factors, ({ kind, subject }) => `${kind}|${subject}`)
  return {
    sets,
    of: (kind, subject) => byQuestion.get(`${kind}|${subject}`) ?? [],
    get(id) {
      const factor = byId.get(id)
      if (factor) return factor
      throw carbonErrors.unknownFactor({
        detail: 'No set has this factor',
        found: id,
        expected: `<set>/<id>, of the sets ${[...names].join(', ')}`,
      })
    },
    gridRegionOf(region) {
      for (const { gridRegions } of sets) if (Object.hasOwn(gridRegions, region)) return gridRegions[region]
      return undefined
    },
  }
}
