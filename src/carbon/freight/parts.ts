import { Decimal, plus } from '../quantity/index.ts'
import type { Parts } from './category/index.ts'

export const noParts: Parts = { ttw: new Decimal(0), wtt: new Decimal(0), wtw: new Decimal(0) }

/** A sum with one term that is not known is not known. */
export const sumKnown = (all: readonly (Decimal | null)[]): Decimal | null =>
  all.reduce((sum, one) => (sum === null || one === null ? null : plus(sum, one)), new Decimal(0))

export const sumParts = (all: readonly Parts[]): Parts => ({
  ttw: sumKnown(all.map(({ ttw }) => ttw)),
  wtt: sumKnown(all.map(({ wtt }) => wtt)),
  wtw: sumKnown(all.map(({ wtw }) => wtw)),
})

/** The plain text of an exact decimal; `null` of what is not known. */
export const textOrNull = (value: Decimal | null): string | null => value?.toFixed() ?? null

export const publishParts = ({ ttw, wtt, wtw }: Parts) => ({
  ttwKgCo2e: textOrNull(ttw),
  wttKgCo2e: textOrNull(wtt),
  wtwKgCo2e: textOrNull(wtw),
})
