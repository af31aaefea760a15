import type { CheckedQuotient, Family } from './checked-claim.ts'

/** What would make a quotient true that nothing explains. */
export interface WouldHaveToBe {
  readonly quotient: CheckedQuotient
  /** The factor that is held against it: the official one of its place, else the nearest. */
  readonly family: Family
  /** By how much what is claimed is larger (above 1) or smaller than by that factor; from the middle of the interval. */
  readonly times: number
}

/** For each quotient that no factor explains as it stands: how far what is known lies from it. */
export function wouldHaveToBe(quotients: readonly CheckedQuotient[]): readonly WouldHaveToBe[] {
  return quotients.flatMap((quotient) => {
    const { standing, official, nearest, low, high } = quotient
    const family = official ?? nearest
    if (standing === 'explained' || standing === 'usual' || !family || family.value <= 0) return []
    const times = (low + high) / 2 / family.value
    // Within its printing it is the factor already.
    return family.value >= low && family.value <= high ? [] : [{ quotient, family, times }]
  })
}
