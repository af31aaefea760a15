import { type Decimal, qualityScore } from '../../quantity/index.ts'
import type { EmissionRow } from '../figures/index.ts'
import type { UsedFactor } from './used-factor.ts'

/** What a term may err by; terms with the same key err together. */
export interface Source {
  readonly key: string
  /** Half of the 95 % interval over the value; `null` where nothing is known. */
  readonly relative: number | null
  /** What it is, for people. */
  readonly of: string
}

/** An exact part of a total, `value = Π factors`, each with its own error. */
export interface Term {
  readonly id: string
  readonly value: Decimal
  readonly sources: readonly Source[]
  readonly score?: number
}

/** What a row of the figures became under each reading of the rules; a reading that cannot be told is missing. */
export interface CountedRow<Choice extends string> {
  readonly id: string
  readonly path: string
  readonly title: string
  readonly stated: string
  readonly terms: Readonly<Partial<Record<Choice, Term>>>
  /** Why a reading is missing. */
  readonly missing: Readonly<Partial<Record<Choice, string>>>
  readonly factors: readonly UsedFactor[]
}

/** Digits that a quotient without end keeps: beyond any meter, and few enough that sums and products of them are exact. */
const keptDigits = 30

/** An amount with its digits, at most {@link keptDigits}. */
export const kept = (value: Decimal): Decimal =>
  value.precision() > keptDigits ? value.toSignificantDigits(keptDigits) : value

type Uncertain = Pick<EmissionRow, 'relative' | 'meter' | 'quality'>

/** Error of an amount. */
export const amountSource = (id: string, { relative, meter }: Uncertain, assumed: number | undefined): Source => ({
  key: meter === undefined ? `amount ${id}` : `meter ${meter}`,
  relative: relative ?? assumed ?? null,
  of: `the amount of ${id}`,
})

/** Error of a factor. */
export const factorSource = (
  { key, relative, factor }: UsedFactor,
  own: number | undefined,
  assumed: number | undefined,
): Source => ({
  key: `factor ${key}`,
  relative: own ?? relative ?? assumed ?? null,
  of: `the factor ${factor === 'own' ? key : factor}`,
})

export const scoreOf = ({ quality }: Uncertain): { readonly score?: number } =>
  quality === undefined ? {} : { score: qualityScore(quality) }
