import type { Language } from '../../report/index.ts'
import type { AccountOutput } from '../account/index.ts'
import type { AmountWriter } from './amounts.ts'
import type { CarbonWords } from './words/index.ts'

/** What the parts of the report of an inventory share. */
export interface AccountPage {
  readonly output: AccountOutput
  readonly words: CarbonWords
  readonly language: Language
  readonly write: AmountWriter
  /** Of emissions in tonnes. */
  readonly decimals: number
  readonly anchorsOf: (ids: readonly string[]) => readonly string[]
}

/** Kilograms are told in tonnes. */
export const perTonne = '0.001'

export const categoryText = (category: string | undefined, words: CarbonWords): string | null =>
  category === undefined ? null : (words.categories[category] ?? category)
