import { useQuery } from '@tanstack/react-query'
import { useRef } from 'react'
import { ApiError, ask, askText, send } from '../api/client.ts'
import { serverNowMs } from '../api/clock.ts'
import type { Job } from '../jobs/job.ts'
import type { Reading } from './checks.ts'
import { readMetrics } from './metrics-text.ts'

const freshMs = 5000

export interface Backup {
  readonly name: string
  readonly created: string
  readonly bytes: number
  readonly files: number
}

export interface PublicHealth {
  readonly status: 'ok' | 'filling' | 'degraded'
  readonly filling: Readonly<Record<string, { readonly fraction: number; readonly done: boolean }>>
  readonly jobs: { readonly running: number; readonly queued: number }
}

export interface HealthReason {
  readonly code: 'disk-nearly-full' | 'store-failing' | 'upkeep-behind'
  readonly detail: string
}

/** Null where who asks may not know. */
const unlessForbidden = <T>(asked: Promise<T>): Promise<T | null> =>
  asked.catch((error: unknown) => {
    if (error instanceof ApiError && error.problem.status === 403) return null
    throw error
  })

export const useHealth = () =>
  useQuery({
    queryKey: ['health'],
    queryFn: ({ signal }) => ask<PublicHealth>('/health', { signal }),
    refetchInterval: freshMs,
  })

export const useReasons = () =>
  useQuery({
    queryKey: ['health-reasons'],
    queryFn: ({ signal }) =>
      unlessForbidden(
        ask<{ readonly reasons: readonly HealthReason[] }>('/api/v1/health', { signal }).then(({ reasons }) => reasons),
      ),
    refetchInterval: freshMs,
  })

/** Figures of the server, with those of the reading before, so that counters become rates. */
export function useMetrics() {
  const last = useRef<Reading>(undefined)
  return useQuery({
    queryKey: ['health-metrics'],
    queryFn: async ({ signal }) => {
      const text = await unlessForbidden(askText('/metrics', { signal, headers: { accept: 'text/plain' } }))
      if (text === null) return null
      const reading: Reading = { metrics: readMetrics(text), atMs: serverNowMs() }
      const before = last.current
      last.current = reading
      return { reading, before }
    },
    refetchInterval: freshMs,
    structuralSharing: false,
  })
}

export const useBackups = () =>
  useQuery({
    queryKey: ['health-backups'],
    queryFn: ({ signal }) =>
      unlessForbidden(
        ask<{ readonly backups: readonly Backup[] }>('/api/v1/backups', { signal }).then(({ backups }) => backups),
      ),
    refetchInterval: 60_000,
  })

/** Begins a backup. @returns the job that makes it */
export const startBackup = (): Promise<Job> => send('/api/v1/backups', {})
