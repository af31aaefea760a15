import type { Problem } from '../../kernel/index.ts'
import type { BatchSeries } from '../../store/index.ts'
import { nameProblem } from './check-name.ts'

/** A name that many bodies tell, and where it stands in the one that is read. */
export interface Remembered<T> {
  readonly value: T
  /** Why it cannot be used. */
  readonly problem: Problem | undefined
  /** Number of the body that named it last, and its index there. */
  body: number
  index: number
}

/**
 * What the bodies that a thread reads have in common: meters send the same names again and again, and a name that was
 * read before need not be made into text, checked and looked up once more. A series is one object in all batches.
 */
export interface BodyMemory {
  /** Number of a body that begins. One that begins when too much is remembered finds nothing. */
  begin(): number
  /** `keep` false: a name that is new is not remembered, for the body that names it has no room for it. */
  series(site: string, point: string, unit: string | undefined, keep?: boolean): Remembered<BatchSeries>
  source(name: string): Remembered<string>
  /** What a format remembers by itself under a key; {@link grow} tells that it is more by so many entries. */
  own<T>(key: string, make: () => T): T
  grow(entries: number): void
}

/** Names, heads and the like: some fifty megabytes. */
const mostRemembered = 250_000

export function createBodyMemory(most = mostRemembered): BodyMemory {
  let bodies = 0
  let entries = 0
  /** By site and unit, then by point. */
  let groups = new Map<string, Map<string, Remembered<BatchSeries>>>()
  let group = new Map<string, Remembered<BatchSeries>>()
  let sources = new Map<string, Remembered<string>>()
  let owned = new Map<string, unknown>()
  let lastSite: string | undefined
  let lastUnit: string | undefined

  const forget = (): void => {
    entries = 0
    groups = new Map()
    sources = new Map()
    owned = new Map()
    lastSite = undefined
  }

  return {
    begin() {
      if (entries > most) forget()
      bodies += 1
      return bodies
    },
    series(site, point, unit, keep = true) {
      if (site !== lastSite || unit !== lastUnit) {
        const key = `${site}\n${unit ?? ''}`
        group = groups.get(key) ?? new Map()
        groups.set(key, group)
        lastSite = site
        lastUnit = unit
      }
      const found = group.get(point)
      if (found) return found
      const problem =
        nameProblem('point', point) ??
        nameProblem('site', site) ??
        (unit === undefined ? undefined : nameProblem('unit', unit))
      const named = remember(unit === undefined ? { site, point } : { site, point, unit }, problem)
      // Names that are refused are not kept: there may be as many as rows.
      if (problem || !keep) return named
      group.set(point, named)
      entries += 1
      return named
    },
    source(name) {
      const found = sources.get(name)
      if (found) return found
      const named = remember(name, nameProblem('source', name))
      if (named.problem) return named
      sources.set(name, named)
      entries += 1
      return named
    },
    own<T>(key: string, make: () => T): T {
      const found = owned.get(key)
      if (found) return found as T
      const made = make()
      owned.set(key, made)
      entries += 1
      return made
    },
    grow(more) {
      entries += more
    },
  }
}

export const remember = <T>(value: T, problem?: Problem): Remembered<T> => ({ value, problem, body: -1, index: -1 })
