import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { ask } from '../api/client.ts'
import type { ListedRun, RunPage } from '../api/types.ts'

/** All that is kept of a run. */
export interface Evidence<Output = unknown> {
  readonly id: string
  readonly engine: string
  readonly engineVersion: string
  readonly clockMs: number
  readonly seed: number
  readonly inputSha256: string
  readonly outputSha256: string
  readonly readings: readonly { readonly kind: string; readonly request: unknown; readonly sha256: string }[]
  readonly input: Readonly<Record<string, unknown>>
  readonly output: Output
}

export interface ListedEngine {
  readonly id: string
  readonly title: string
  readonly version: string
  /** Whether its runs have a report. */
  readonly report: boolean
}

/** How a run that was run again compares. */
export interface Replay {
  readonly identical: boolean
  readonly engineVersion: string
  readonly outputSha256: string
  readonly replayedSha256: string
  readonly differences: readonly { readonly path: string; readonly was: unknown; readonly is: unknown }[]
}

const addressOf = (id: string): string => `/api/v1/runs/${encodeURIComponent(id)}`

export const useEvidence = <Output = unknown>(id: string | undefined) =>
  useQuery({
    queryKey: ['evidence', id],
    queryFn: ({ signal }) => ask<Evidence<Output>>(addressOf(id ?? ''), { signal }),
    enabled: id !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })

export const useEngines = () =>
  useQuery({
    queryKey: ['engines'],
    queryFn: ({ signal }) =>
      ask<{ readonly engines: readonly ListedEngine[] }>('/api/v1/engines', { signal }).then(({ engines }) => engines),
    staleTime: Number.POSITIVE_INFINITY,
  })

export interface RunFilter {
  readonly engine: string
  /** Days. */
  readonly from: string
  readonly to: string
}

export const everyRun: RunFilter = { engine: '', from: '', to: '' }

/** Runs of a site, the newest first, a page after another. */
export const useRunPages = (site: string, { engine, from, to }: RunFilter) =>
  useInfiniteQuery({
    queryKey: ['runs', site, engine, from, to],
    queryFn: ({ signal, pageParam }) => {
      const query = new URLSearchParams({ site, limit: '50' })
      if (engine !== '') query.set('engine', engine)
      if (from !== '') query.set('from', `${from}T00:00:00Z`)
      if (to !== '') query.set('to', `${to}T00:00:00Z`)
      if (pageParam !== undefined) query.set('cursor', pageParam)
      return ask<RunPage>(`/api/v1/runs?${query}`, { signal })
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
    placeholderData: (before) => before,
  })

/** The newest runs of some engines at a site, all in one order. */
export const useRunsOfEngines = (site: string, engines: readonly string[]) =>
  useQuery({
    queryKey: ['runs-of-engines', site, engines],
    queryFn: async ({ signal }): Promise<readonly ListedRun[]> => {
      const pages = await Promise.all(
        engines.map((engine) =>
          ask<RunPage>(`/api/v1/runs?${new URLSearchParams({ site, engine, limit: '20' })}`, { signal }),
        ),
      )
      return pages.flatMap(({ runs }) => runs).toSorted((a, b) => b.clockMs - a.clockMs)
    },
    enabled: engines.length > 0,
  })

export const replayRun = (id: string): Promise<Replay> =>
  ask<Replay>(`${addressOf(id)}/replay`, { method: 'POST', headers: { prefer: 'wait=120' } })

export const reportAddress = (id: string, format: string, language: string): string =>
  `${addressOf(id)}/report?format=${format}&lang=${language.split('-')[0]}`
