import { useQuery } from '@tanstack/react-query'
import { ApiError, ask } from './client.ts'
import type { PointHistory, PublishedPlan, Run, Site, SiteSummary } from './types.ts'

export const useSites = () =>
  useQuery({
    queryKey: ['sites'],
    queryFn: ({ signal }) =>
      ask<{ readonly sites: readonly SiteSummary[] }>('/api/v1/sites', { signal }).then(({ sites }) => sites),
  })

export interface AskedSite {
  readonly data: Site | undefined
  /** Null while there is a description, be it an older one: a site does not vanish with the connection. */
  readonly error: Error | null
  refetch(): Promise<unknown>
}

export function useSite(id: string): AskedSite {
  const { data, error, refetch } = useQuery({
    queryKey: ['site', id],
    queryFn: ({ signal }) => ask<Site>(`/api/v1/sites/${encodeURIComponent(id)}`, { signal }),
  })
  return { data, error: data ? null : error, refetch }
}

/** The plan the site follows; null while none is published. Looked for every half minute, every two seconds until the first. */
export const usePlan = (id: string) =>
  useQuery({
    queryKey: ['plan', id],
    queryFn: ({ signal }) =>
      ask<PublishedPlan>(`/api/v1/sites/${encodeURIComponent(id)}/plan`, { signal }).catch((error: unknown) => {
        if (error instanceof ApiError && error.problem.code === 'server.no-plan') return null
        throw error
      }),
    refetchInterval: ({ state }) => (state.data ? 30_000 : 2000),
  })

export const historyBucketMs = 300_000

/** A stretch of time, ms; its end is not in it. */
export interface TimeWindow {
  readonly fromMs: number
  readonly toMs: number
}

/** The last day of some points, or another stretch of time, as means over five minutes. */
export const useHistory = (id: string, points: readonly string[], window?: TimeWindow) =>
  useQuery({
    queryKey: ['history', id, points, ...(window ? [window.fromMs] : [])],
    queryFn: ({ signal }) => {
      const query = new URLSearchParams({
        site: id,
        points: points.join(','),
        bucket: '5m',
        ...(window ? { from: String(window.fromMs), to: String(window.toMs) } : {}),
      })
      return ask<{ readonly points: Readonly<Record<string, PointHistory>> }>(`/api/v1/observations?${query}`, {
        signal,
      }).then((answer) => answer.points)
    },
    enabled: points.length > 0,
    // While time runs on, the stretch before stands until the next is there: they overlap.
    placeholderData: (before, query) => (query?.queryKey[1] === id ? before : undefined),
    refetchInterval: window && window.toMs < Date.now() ? false : 60_000,
  })

export const useRun = (id: string | undefined) =>
  useQuery({
    queryKey: ['run', id],
    queryFn: ({ signal }) => ask<Run>(`/api/v1/runs/${encodeURIComponent(id ?? '')}`, { signal }),
    enabled: id !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  })
