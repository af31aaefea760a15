import type { words as access } from './access/en.ts'
import type { words as assets } from './assets/en.ts'
import type { words as carbon } from './carbon/en.ts'
import type { words as charging } from './charging/en.ts'
import type { words as claims } from './claims/en.ts'
import type { words as field } from './field/en.ts'
import type { words as forecasts } from './forecasts/en.ts'
import type { words as gallery } from './gallery/en.ts'
import type { words as health } from './health/en.ts'
import type { words as ledger } from './ledger/en.ts'
import type { words as overview } from './overview/en.ts'
import type { words as place } from './place/en.ts'
import type { words as reports } from './reports/en.ts'
import type { words as shell } from './shell/en.ts'
import type { words as sizing } from './sizing/en.ts'
import type { words as trends } from './trends/en.ts'

/** Words that come with their page: a folder here each, with a file a language. */
export interface PageWords {
  readonly access: typeof access
  readonly assets: typeof assets
  readonly carbon: typeof carbon
  readonly charging: typeof charging
  readonly claims: typeof claims
  readonly field: typeof field
  readonly forecasts: typeof forecasts
  readonly gallery: typeof gallery
  readonly health: typeof health
  readonly ledger: typeof ledger
  readonly overview: typeof overview
  readonly place: typeof place
  readonly reports: typeof reports
  readonly shell: typeof shell
  readonly sizing: typeof sizing
  readonly trends: typeof trends
}

export type Bundle = keyof PageWords

/** Keys of the words of pages. */
export type PageWordKey = { [Name in Bundle]: keyof PageWords[Name] }[Bundle]
