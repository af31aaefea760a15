import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { ask } from '../api/client.ts'
import type { ListedRun, RunPage } from '../api/types.ts'

const rootOf = (site: string): string => `/api/v1/sites/${encodeURIComponent(site)}`

export interface InventoryTotal {
  readonly scope: number
  readonly category?: string
  readonly method?: 'location' | 'market'
  /** Exact decimal text. */
  readonly massKgCo2e: string
  readonly gasesKg: Readonly<Record<string, string>>
  readonly biogenicKgCo2?: string
  readonly rows: number
  /** Half of the 95 % interval, of what has an uncertainty. */
  readonly halfWidthKg: number
  readonly uncertainShare: number
}

export interface UsedFactor {
  readonly factor: string
  readonly value: string
  readonly unit: string
  readonly gas?: string
  readonly document: string
  readonly table?: string
  readonly verify?: string
}

/** What `carbon.account` answers, as far as the page reads it. */
export interface Inventory {
  readonly name: string
  readonly period: { readonly from: string; readonly to: string }
  readonly gwpSet: string
  readonly totals: readonly InventoryTotal[]
  readonly energy: { readonly calorificTce: string; readonly equivalentTce: string | null }
  readonly factors: readonly UsedFactor[]
  readonly warnings: readonly string[]
}

export interface VerdictReading {
  readonly greenPower: 'counted' | 'not-counted'
  readonly coal: 'calorific' | 'equivalent'
  /** Counts for the verdict. */
  readonly asked: boolean
  readonly emissions: string | null
  readonly energy: string | null
  readonly indicator: string | null
  readonly limit: string | null
  readonly band: string | null
  readonly passes: boolean | null
  readonly gap: { readonly emissions: string; readonly energy: string | null } | null
  readonly missing: readonly string[]
  readonly chance: {
    readonly analytic: number
    readonly interval: { readonly low: number; readonly median: number; readonly high: number }
  } | null
}

export interface GuidingIndicator {
  readonly id: string
  readonly title: string
  readonly kind: 'guiding' | 'veto'
  readonly unit: string
  readonly relation: 'at-least' | 'at-most'
  readonly limit: string
  readonly value: string | null
  readonly result: 'meets' | 'misses' | 'not-known' | 'left-out'
}

/** What `carbon.park-verdict` answers, as far as the page reads it. */
export interface Verdict {
  readonly organisation: string
  readonly year: number
  readonly scheme: { readonly title: string; readonly document: string; readonly verify?: string }
  readonly verdict: 'passes' | 'fails' | 'not-decided'
  readonly indicator: { readonly title: string; readonly emissionsUnit: string; readonly energyUnit: string }
  readonly readings: readonly VerdictReading[]
  readonly guiding: readonly GuidingIndicator[]
  readonly missing: readonly string[]
  readonly verify: readonly { readonly what: string; readonly why: string }[]
  readonly reasons: readonly { readonly code: string; readonly text: string }[]
}

/** The newest runs of an engine at a site. */
export const useRunsOf = (site: string, engine: string) =>
  useQuery({
    queryKey: ['runs-of', site, engine],
    queryFn: ({ signal }) => {
      const query = new URLSearchParams({ site, engine, limit: '20' })
      return ask<RunPage>(`/api/v1/runs?${query}`, { signal }).then(({ runs }): readonly ListedRun[] => runs)
    },
    refetchInterval: 60_000,
  })

/** What a run gave; it never changes. */
export const useOutput = <T>(id: string | undefined) =>
  useQuery({
    queryKey: ['output', id],
    queryFn: ({ signal }) =>
      ask<{ readonly output: T }>(`/api/v1/runs/${encodeURIComponent(id ?? '')}`, { signal }).then(
        ({ output }) => output,
      ),
    enabled: id !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  })

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

interface EntryPage {
  readonly first: number
  readonly entries: readonly LedgerEntry[]
  readonly next?: string
}

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

export const useEntries = (site: string, size: number) =>
  useInfiniteQuery({
    queryKey: ['ledger-entries', site, size],
    queryFn: ({ signal, pageParam }) => {
      const query = new URLSearchParams({ limit: '50', ...(pageParam === undefined ? {} : { cursor: pageParam }) })
      return ask<EntryPage>(`${rootOf(site)}/ledger/entries?${query}`, { signal })
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
    enabled: size > 0,
  })

export const fetchProof = (site: string, number: number): Promise<LedgerProof> =>
  ask<LedgerProof>(`${rootOf(site)}/ledger/proof?entry=${number}`)
