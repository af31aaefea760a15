import { useQueries, useQuery } from '@tanstack/react-query'
import { ask } from '../api/client.ts'
import type { ListedRun, RunPage } from '../api/types.ts'

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
  /** Data quality, 1 is best. */
  readonly score?: number | null
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
  readonly sums: {
    readonly scope1KgCo2e: string
    readonly scope2LocationKgCo2e: string
    readonly scope2MarketKgCo2e: string
    readonly scope3KgCo2e: string
  }
  readonly factors: readonly UsedFactor[]
  readonly warnings: readonly string[]
  readonly metered: readonly MeteredRow[]
  readonly lines?: readonly InventoryLine[]
  readonly views?: readonly InventoryView[]
}

/** How an amount was read from a meter. */
export interface MeteredRow {
  readonly id: string
  readonly meter: string
  readonly coverage: number
  readonly estimatedShare: number
}

/** Rows of one kind in one place of an inventory. */
export interface InventoryLine {
  readonly id: string
  readonly rows: number
  readonly activity: string
  readonly subject?: string
  readonly amount?: string
  readonly unit?: string
  readonly from?: string
  readonly to?: string
  readonly meter?: string
  readonly file?: string
  readonly line?: number
  readonly relative?: number
  readonly score?: number
  readonly scope: number
  readonly category?: string
  readonly method?: 'location' | 'market'
  readonly massKgCo2e: string
  readonly factors: readonly string[]
}

export const viewNames = ['ghg-protocol', 'iso-14064-1', 'gpc'] as const
export type ViewName = (typeof viewNames)[number]

export interface InventoryView {
  readonly view: ViewName
  readonly source: string
  readonly entries: readonly {
    readonly code: string
    readonly title: string
    readonly scope?: number
    readonly massKgCo2e: string | null
    readonly rows: number
    readonly lines: readonly string[]
    readonly notation?: string
    readonly why?: string
  }[]
  readonly totals: readonly { readonly code: string; readonly title: string; readonly massKgCo2e: string }[]
  readonly unplaced: readonly { readonly id: string; readonly massKgCo2e: string; readonly why: string }[]
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
  readonly reasons: readonly VerdictReason[]
}

/** Why a verdict or a path is what it is: a code with its values, and the words of the engine. */
export interface VerdictReason {
  readonly code: string
  readonly text: string
  readonly values: Readonly<Record<string, number | string>>
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

/** Runs of which a choice says what they are about. */
export const mostNamedRuns = 8

/** What several runs gave, in their order; those that are still on their way are left out. */
export const useOutputs = <T>(ids: readonly string[]): readonly { readonly id: string; readonly output: T }[] =>
  useQueries({
    queries: ids.map((id) => ({
      queryKey: ['output', id],
      queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
        ask<{ readonly output: T }>(`/api/v1/runs/${encodeURIComponent(id)}`, { signal }).then(({ output }) => output),
      staleTime: Number.POSITIVE_INFINITY,
    })),
  }).flatMap(({ data }, k) => (data === undefined ? [] : [{ id: ids[k] ?? '', output: data }]))

export interface PathStep {
  readonly rank: number
  readonly kind: 'machines' | 'green-power' | 'other'
  readonly id: string
  readonly title: string
  /** Fields of machines that change, `asset.field`. */
  readonly sizes: readonly { readonly id: string; readonly from: number; readonly to: number }[]
  readonly saved: number
  readonly gapClosed: number
  readonly costPerYear: number
  readonly capex: number
  readonly costPerTonne: number | null
  readonly indicatorAfter: number
  readonly passesAfter: boolean
  readonly needed: boolean
  readonly neededShare: number
}

/** What `carbon.park-path` answers, as far as the page reads it. */
export interface ParkPath {
  readonly year: number
  readonly currency: string
  readonly status: 'path' | 'no-need' | 'no-path' | 'not-known'
  readonly emissionsUnit: string
  readonly energyUnit: string
  readonly start: { readonly limit: number | null }
  readonly steps: readonly PathStep[]
  readonly needed: { readonly saved: number; readonly costPerYear: number; readonly capex: number } | null
  readonly left: number | null
  readonly reasons: readonly VerdictReason[]
}
