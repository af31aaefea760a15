import { useQuery } from '@tanstack/react-query'
import { ask } from '../api/client.ts'
import type { ListedRun, RunPage, SimulateOutput, SizeOutput } from '../api/types.ts'

export interface SizingRun {
  readonly id: string
  readonly clockMs: number
  readonly input: {
    readonly site: string
    readonly at?: string
    readonly preview?: boolean
    readonly changes?: unknown
  }
  readonly output: SizeOutput
}

/** A sizing with what it was asked; it never changes. */
export const useSizing = (id: string | undefined) =>
  useQuery({
    queryKey: ['sizing', id],
    queryFn: ({ signal }) => ask<SizingRun>(`/api/v1/runs/${encodeURIComponent(id ?? '')}`, { signal }),
    enabled: id !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })

/** The newest sizings of a site. */
export const useSizings = (site: string) =>
  useQuery({
    queryKey: ['sizings', site],
    queryFn: ({ signal }) =>
      ask<RunPage>(`/api/v1/runs?${new URLSearchParams({ site, engine: 'energy.size', limit: '30' })}`, {
        signal,
      }).then(({ runs }): readonly ListedRun[] => runs),
  })

/** The year of a design, hour by hour. */
export const useYear = (id: string | undefined) =>
  useQuery({
    queryKey: ['sizing-year', id],
    queryFn: ({ signal }) =>
      ask<{ readonly output: SimulateOutput }>(`/api/v1/runs/${encodeURIComponent(id ?? '')}`, { signal }).then(
        ({ output }) => output,
      ),
    enabled: id !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  })
