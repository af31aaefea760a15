import type { Language, Row } from '../../report/index.ts'
import type { VerdictOutput } from '../verdict/index.ts'
import type { AmountWriter } from './amounts.ts'
import type { CarbonWords } from './words/index.ts'

export type Reading = VerdictOutput['readings'][number]

/** What the parts of the report of a verdict share. */
export interface VerdictPage {
  readonly output: VerdictOutput
  readonly words: CarbonWords
  readonly language: Language
  readonly write: AmountWriter
  /** Of emissions. */
  readonly decimals: number
  readonly anchorsOf: (ids: readonly string[]) => readonly string[]
  readonly emissionsUnit: string
  readonly energyUnit: string
  readonly ratioUnit: string
}

/** Mark of what an engine wrote in English on a page of another language. */
export const foreign = ({ foreign: lang }: CarbonWords): { readonly lang?: string } =>
  lang === undefined ? {} : { lang }

export const toneOfReading = ({ passes }: Reading): NonNullable<Row['tone']> =>
  passes === null ? 'open' : passes ? 'good' : 'bad'
