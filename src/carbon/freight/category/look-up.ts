import { MangroveError } from '../../../kernel/index.ts'
import { carbonErrors } from '../../errors.ts'
import { type Factor, type FactorBook, type FactorQuery, findFactor } from '../../factors/index.ts'
import type { GwpSet } from '../../quantity/index.ts'

type Question = Omit<FactorQuery, 'at' | 'fallback' | 'region'>
export interface Found {
  readonly factor: Factor
  readonly warnings: readonly string[]
}

/** Looks for factors of one chain or product: one book, one set of GWPs, one day unless said otherwise. */
export interface Lookup {
  readonly book: FactorBook
  readonly gwpSet: GwpSet
  /** @throws `carbon.no-factor` */
  find(question: Question, region?: string, at?: string): Found
  tryFind(question: Question, region?: string, at?: string): Found | undefined
}

export interface LookupSettings {
  readonly book: FactorBook
  readonly gwpSet: GwpSet
  readonly at?: string
  readonly region?: string
  readonly fallback?: FactorQuery['fallback']
}

export function createLookup({ book, gwpSet, at, region, fallback = [] }: LookupSettings): Lookup {
  const find: Lookup['find'] = (question, place = region, day = at) => {
    if (day === undefined) {
      throw carbonErrors.noFactor({
        detail: `A factor of ${question.subject} is looked for, and no day is said whose factor it should be`,
        place: { path: 'at' },
        expected: 'at: 2025-06-01',
      })
    }
    const { factor, warnings } = findFactor(book, {
      ...question,
      at: day,
      fallback: [...fallback, 'anywhere'],
      ...(place === undefined ? {} : { region: place }),
    })
    // A factor that holds anywhere is no stand-in.
    return { factor, warnings: warnings.filter((warning) => !warning.includes('of anywhere stands in')) }
  }
  return {
    ...{ book, gwpSet, find },
    tryFind(question, place, day) {
      try {
        return find(question, place, day)
      } catch (error) {
        if (error instanceof MangroveError && error.code === 'carbon.no-factor') return undefined
        throw error
      }
    },
  }
}
