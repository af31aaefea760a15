import type { Entry, Ledger } from '../../carbon/index.ts'

/** Which entries are asked for; what is absent is not asked. */
export interface EntryFilter {
  readonly kind?: string
  readonly scope?: number
  readonly asset?: string
  /** Milliseconds: of the time that an entry is about, of others of the moment it was written. */
  readonly fromMs?: number
  readonly toMs?: number
  /** Somewhere in the entry, in letters of either size. */
  readonly text?: string
}

export interface EntryWalk {
  /** Number of the first entry that is looked at. */
  readonly start: number
  readonly order: 'first' | 'newest'
  /** How many are wanted. */
  readonly limit: number
}

export interface FoundEntries {
  readonly found: readonly { readonly number: number; readonly entry: Entry }[]
  /** Where to go on; undefined at the end. */
  readonly next: number | undefined
}

/** Entries that one request looks at, at most: of a long ledger a page may have fewer than it could. */
const mostLookedAt = 5000
const chunk = 500

/** Whether an entry is asked for. */
export function isAsked({ kind, scope, asset, fromMs, toMs, text }: EntryFilter, entry: Entry): boolean {
  const body = entry.body as {
    readonly scope?: number
    readonly asset?: string
    readonly fromMs?: number
    readonly toMs?: number
  }
  const [begin, end] = [body.fromMs ?? entry.atMs, body.toMs ?? entry.atMs + 1]
  return (
    (kind === undefined || entry.kind === kind) &&
    (scope === undefined || body.scope === scope) &&
    (asset === undefined || body.asset === asset) &&
    (fromMs === undefined || end > fromMs) &&
    (toMs === undefined || begin < toMs) &&
    (text === undefined || JSON.stringify(entry).toLowerCase().includes(text.toLowerCase()))
  )
}

/** A page of the entries that are asked for, from the first on or from the newest back. */
export async function findEntries(ledger: Ledger, filter: EntryFilter, walk: EntryWalk): Promise<FoundEntries> {
  const { start, order, limit } = walk
  const size = await ledger.size()
  const step = order === 'first' ? 1 : -1
  const found: { number: number; entry: Entry }[] = []
  let place = order === 'first' ? start : Math.min(start, size - 1)
  for (let looked = 0; looked < mostLookedAt && place >= 0 && place < size; ) {
    const [from, to] = step === 1 ? [place, Math.min(size, place + chunk)] : [Math.max(0, place + 1 - chunk), place + 1]
    const entries: Entry[] = []
    for await (const entry of ledger.entries(from, to)) entries.push(entry)
    for (const entry of step === 1 ? entries : entries.toReversed()) {
      const number = place
      place += step
      looked += 1
      if (!isAsked(filter, entry)) continue
      found.push({ number, entry })
      if (found.length === limit) return { found, next: place >= 0 && place < size ? place : undefined }
    }
  }
  return { found, next: place >= 0 && place < size ? place : undefined }
}
