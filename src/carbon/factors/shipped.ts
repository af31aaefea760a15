import { createFactorBook, type FactorBook } from './book.ts'
import coalEquivalent from './data/coal-equivalent.json' with { type: 'json' }
import fuels from './data/fuels.json' with { type: 'json' }
import gridChina from './data/grid-cn.json' with { type: 'json' }
import gridEmber from './data/grid-ember.json' with { type: 'json' }
import gwp from './data/gwp.json' with { type: 'json' }
import hydrogen from './data/hydrogen.json' with { type: 'json' }
import nature from './data/nature.json' with { type: 'json' }
import transport from './data/transport.json' with { type: 'json' }
import waste from './data/waste.json' with { type: 'json' }
import { type FactorSet, readFactorSet } from './read-set.ts'

const files = [gwp, fuels, coalEquivalent, gridChina, gridEmber, transport, waste, hydrogen, nature]
let sets: readonly FactorSet[] | undefined

/** The sets that come with the house, read once. */
export function shippedSets(): readonly FactorSet[] {
  sets ??= files.map((file) => readFactorSet(file))
  return sets
}

/** The shipped sets with those that a user adds. @throws `carbon.bad-factor-set` for a name that is taken */
export const factorBookWith = (own: readonly FactorSet[] = []): FactorBook =>
  createFactorBook([...shippedSets(), ...own])
