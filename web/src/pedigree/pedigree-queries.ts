import { useQuery } from '@tanstack/react-query'
import { ask } from '../api/client.ts'
import type { PointHistory, SitePoint } from '../api/types.ts'

const rootOf = (site: string): string => `/api/v1/sites/${encodeURIComponent(site)}`

/** What a point is, as `GET …/points/{point}` tells it. */
export interface PointDefinition extends SitePoint {
  readonly owner: string
  readonly origin: 'kind' | 'file' | 'api'
  readonly expression?: string
  readonly inputs?: readonly string[]
  readonly accuracyClass?: number
  readonly retentionDays?: number
}

/** The newest value of a point, with who said so. */
export interface Newest {
  readonly value: number | null
  readonly unit: string
  readonly quality: string
  readonly timestampMs: number | null
  readonly ageMs: number | null
  readonly receivedMs: number | null
  readonly source: string | null
}

/** Something that a run read, with the hash of it. */
export interface Reading {
  readonly kind: 'site' | 'series' | 'text' | 'start' | 'stop'
  readonly request: unknown
  readonly sha256: string
}

export interface Evidence {
  readonly id: string
  readonly engine: string
  readonly engineVersion: string
  readonly clockMs: number
  readonly seed: number
  readonly inputSha256: string
  readonly outputSha256: string
  readonly readings: readonly Reading[]
  readonly input: unknown
  readonly output: unknown
}

export const usePoint = (site: string, ref: string) =>
  useQuery({
    queryKey: ['point', site, ref],
    queryFn: ({ signal }) => ask<PointDefinition>(`${rootOf(site)}/points/${encodeURIComponent(ref)}`, { signal }),
    staleTime: 300_000,
  })

export const useNewest = (site: string, ref: string) =>
  useQuery({
    queryKey: ['newest', site, ref],
    queryFn: ({ signal }) =>
      ask<{ readonly points: Readonly<Record<string, Newest>> }>(
        `/api/v1/observations/latest?${new URLSearchParams({ site, points: ref })}`,
        { signal },
      ).then(({ points }) => points[ref] ?? null),
    refetchInterval: 5000,
  })

const rowsShown = 12
const bucketMs = 300_000

/** Rows as they were received: those that a value of history is the mean of, or the newest. */
export const useRows = (site: string, ref: string, timestampMs: number | undefined) =>
  useQuery({
    queryKey: ['rows', site, ref, timestampMs === undefined ? 'newest' : Math.floor(timestampMs / bucketMs)],
    queryFn: ({ signal }) => {
      const from = timestampMs === undefined ? Date.now() - 60_000 : Math.floor(timestampMs / bucketMs) * bucketMs
      const query = new URLSearchParams({
        site,
        points: ref,
        from: String(from),
        ...(timestampMs === undefined ? {} : { to: String(from + bucketMs) }),
        limit: '400',
      })
      return ask<{ readonly points: Readonly<Record<string, PointHistory>> }>(`/api/v1/observations?${query}`, {
        signal,
      }).then(({ points }) => newestRows(points[ref], rowsShown))
    },
  })

export interface Rows {
  readonly count: number
  readonly shown: readonly { readonly atMs: number; readonly value: number | null; readonly quality: string }[]
}

/** The last rows of a history, newest first, and how many there are. */
export function newestRows(history: PointHistory | undefined, most: number): Rows {
  const { timestampsMs = [], values = [], quality = [] } = history ?? {}
  const all = timestampsMs.map((atMs, k) => ({ atMs, value: values[k] ?? null, quality: quality[k] ?? 'missing' }))
  return { count: all.length, shown: all.slice(-most).reverse() }
}

export const useEvidence = (id: string) =>
  useQuery({
    queryKey: ['evidence', id],
    queryFn: ({ signal }) => ask<Evidence>(`/api/v1/runs/${encodeURIComponent(id)}`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })

export interface Verdict {
  readonly identical: boolean
  readonly differences: readonly { readonly path: string; readonly was: unknown; readonly is: unknown }[]
}

/** Runs it again from its evidence alone. A long one is a job, which the tray shows. */
export const replay = (
  id: string,
  signal: AbortSignal,
): Promise<Verdict | { readonly id: string; readonly state: string }> =>
  ask(`/api/v1/runs/${encodeURIComponent(id)}/replay`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', prefer: 'wait=60' },
    body: '{}',
    signal,
  })
