import type { Site } from '../../kernel/index.ts'
import type { SavingsInput } from '../schema/index.ts'
import type { Period } from './period.ts'
import type { Drivers } from './read-meter.ts'
import type { Choice } from './select.ts'

/** What all meters of a run share. */
export interface Evaluation {
  readonly site: Site
  readonly input: SavingsInput
  readonly baseline: Period
  readonly reporting: Period
  readonly drivers: { readonly baseline: Drivers; readonly reporting: Drivers }
  readonly choice: Choice
}
