import { useQuery } from '@tanstack/react-query'
import { ApiError, ask } from './client.ts'
import type { PointHistory, PublishedPlan, Run, Site, SiteSummary } from './types.ts'

export const useSites = () =>
  useQuery({
    queryKey: ['sites'],
    queryFn: ({ signal }) =>
      ask<{ readonly sites: readonly SiteSummary[] }>('/api/v1/sites', { signal }).then(({ sites }) => sites),
  })

export const useSite = (id: string) =>
  useQuery({
    queryKey: ['site', id],
    queryFn: ({ signal }) => ask<Site>(`/api/v1/sites/${encodeURIComponent(id)}`, { signal }),
  })

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

/** The last day of some points, as means over five minutes. */
export const useHistory = (id: string, points: readonly string[]) =>
  useQuery({
    queryKey: ['history', id, points],
    queryFn: ({ signal }) => {
      const query = new URLSearchParams({ site: id, points: points.join(','), bucket: '5m' })
      return ask<{ readonly points: Readonly<Record<string, PointHistory>> }>(`/api/v1/observations?${query}`, {
        signal,
      }).then((answer) => answer.points)
    },
    enabled: points.length > 0,
    refetchInterval: 60_000,
  })

export const useRun = (id: string | undefined) =>
  useQuery({
    queryKey: ['run', id],
    queryFn: ({ signal }) => ask<Run>(`/api/v1/runs/${encodeURIComponent(id ?? '')}`, { signal }),
    enabled: id !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  })
