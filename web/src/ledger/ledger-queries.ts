import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { ask, send } from '../api/client.ts'

const rootOf = (site: string): string => `/api/v1/sites/${encodeURIComponent(site)}`

export interface LedgerTotal {
  readonly book: string
  readonly scope?: number
  readonly category?: string
  readonly method?: string
  readonly gas: string
  readonly boundary: string
  readonly amountKg: string
  readonly entries: number
  readonly toVerify: number
}

export interface Ledger {
  readonly origin: string
  readonly size: number
  readonly verifierKey: string | null
  readonly checkpoint: string | null
  readonly totals: readonly LedgerTotal[]
}

/** An entry as far as the list shows it. */
export interface LedgerEntry {
  readonly id: string
  readonly atMs: number
  readonly by: string
  readonly kind: 'emission' | 'claim' | 'reversal' | 'close' | 'credit'
  readonly body: Readonly<Record<string, unknown>>
}

/** What the list of entries is asked for; empty: all. */
export interface EntryFilter {
  readonly kind: string
  readonly scope: string
  readonly asset: string
  readonly from: string
  readonly to: string
  readonly text: string
}

export const noFilter: EntryFilter = { kind: '', scope: '', asset: '', from: '', to: '', text: '' }

interface EntryPage {
  readonly numbers: readonly number[]
  readonly entries: readonly LedgerEntry[]
  /** Entries of the page that were taken back, and by which. */
  readonly reversedBy: Readonly<Record<string, string>>
  readonly next?: string
}

/** An entry with its place in the log. */
export interface PlacedEntry {
  readonly number: number
  readonly entry: LedgerEntry
  /** The entry that took it back. */
  readonly reversedBy: string | undefined
}

export const placedEntries = (pages: readonly EntryPage[]): readonly PlacedEntry[] =>
  pages.flatMap(({ numbers, entries, reversedBy }) =>
    entries.map((entry, k) => ({ number: numbers[k] ?? 0, entry, reversedBy: reversedBy[entry.id] })),
  )

/** That an entry is in the ledger, for whoever has its verifier key. */
export interface LedgerProof {
  readonly verifierKey: string
  readonly number: number
  readonly size: number
  /** The bytes that were hashed. */
  readonly entry: string
  /** Hashes from the leaf to the root, hex. */
  readonly path: readonly string[]
  readonly checkpoint: string
}

export const useLedger = (site: string) =>
  useQuery({
    queryKey: ['ledger', site],
    queryFn: ({ signal }) => ask<Ledger>(`${rootOf(site)}/ledger`, { signal }),
    refetchInterval: 60_000,
  })

const dayStart = (day: string): string => new Date(`${day}T00:00:00Z`).toISOString()

/** The query of a page of entries; days are taken in UTC, as a ledger keeps its times. */
export function entryQuery(filter: EntryFilter, cursor: string | undefined, limit = 50): URLSearchParams {
  const { from, to, ...others } = filter
  const query = new URLSearchParams({ order: 'newest', limit: String(limit) })
  for (const [name, value] of Object.entries(others)) if (value.trim() !== '') query.set(name, value.trim())
  if (from !== '') query.set('from', dayStart(from))
  if (to !== '') query.set('to', dayStart(to))
  if (cursor !== undefined) query.set('cursor', cursor)
  return query
}

export const useEntries = (site: string, size: number, filter: EntryFilter) =>
  useInfiniteQuery({
    queryKey: ['ledger-entries', site, size, filter],
    queryFn: ({ signal, pageParam }) =>
      ask<EntryPage>(`${rootOf(site)}/ledger/entries?${entryQuery(filter, pageParam)}`, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
    enabled: size > 0,
    placeholderData: (before) => before,
  })

/** The entry of an id, and those that speak of it: what it takes back, and what took it back. */
export const useEntriesAbout = (site: string, id: string) =>
  useQuery({
    queryKey: ['ledger-about', site, id],
    queryFn: ({ signal }) =>
      ask<EntryPage>(`${rootOf(site)}/ledger/entries?${entryQuery({ ...noFilter, text: id }, undefined, 100)}`, {
        signal,
      }).then((page) => placedEntries([page])),
  })

export const fetchProof = (site: string, number: number): Promise<LedgerProof> =>
  ask<LedgerProof>(`${rootOf(site)}/ledger/proof?entry=${number}`)

/** That the log goes on from where it had fewer entries. */
export interface ConsistencyProof {
  readonly verifierKey: string
  readonly first: number
  readonly firstRoot: string
  readonly second: number
  readonly path: readonly string[]
  readonly checkpoint: string
}

export const fetchConsistency = (site: string, first: number): Promise<ConsistencyProof> =>
  ask<ConsistencyProof>(`${rootOf(site)}/ledger/consistency?first=${first}`)

export const exportAddress = (site: string): string => `${rootOf(site)}/ledger/export`

export interface CreditRun {
  readonly start: string
  readonly end: string
  readonly quantity: string
  readonly holder: string
  readonly status: 'active' | 'offered' | 'retired' | 'cancelled'
  readonly party: string
  readonly adjustment: 'none' | 'due' | 'made'
  readonly by?: string
}

export interface CreditProject {
  readonly id: string
  readonly title: string
  readonly country: string
  readonly programme: string
  readonly methodology: string
  readonly validated: boolean
  readonly authorisedUses: readonly string[]
  readonly vintages: readonly {
    readonly vintage: number
    readonly verified: string
    readonly issued: string
    readonly active: string
    readonly offered: string
    readonly retired: string
    readonly cancelled: string
    readonly runs: readonly CreditRun[]
  }[]
}

export const useCredits = (site: string) =>
  useQuery({
    queryKey: ['ledger-credits', site],
    queryFn: ({ signal }) =>
      ask<{ readonly projects: readonly CreditProject[] }>(`${rootOf(site)}/ledger/credits`, { signal }).then(
        ({ projects }) => projects,
      ),
  })

/** What somebody wants to have written. */
export interface EntryDraft {
  readonly id: string
  readonly kind: string
  readonly body: Readonly<Record<string, unknown>>
}

export const writeEntries = (site: string, entries: readonly EntryDraft[]): Promise<{ readonly size: number }> =>
  send(`${rootOf(site)}/ledger/entries`, { entries })
