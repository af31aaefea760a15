import { createFactorBook, type FactorBook, type FactorSet, readFactorSet, shippedSets } from '../factors/index.ts'
import freight from './data/freight.json' with { type: 'json' }

let own: FactorSet | undefined

/** The shipped sets, the set of this folder, and those of a user. @throws `carbon.bad-factor-set` for a name that is taken */
export function freightBook(more: readonly FactorSet[] = []): FactorBook {
  own ??= readFactorSet(freight)
  return createFactorBook([...shippedSets(), own, ...more])
}
