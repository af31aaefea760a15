import { useQueries } from '@tanstack/react-query'
import { ask } from '../api/client.ts'
import type { Evidence } from '../verify/run-evidence.ts'
import { useEvidence } from '../verify/run-evidence.ts'
import { type ParkPath, useRunsOf } from './carbon-queries.ts'

export const pathEngine = 'carbon.park-path'

const mostLookedAt = 8

type Asked = Pick<Evidence, 'input' | 'readings'>

/** What a verdict or a path was asked about: the figures, with the bytes of their file, and how they are read. */
function askedAbout({ input, readings }: Asked): string {
  const { figures, figuresFile, scheme, greenPower, coal } = input
  const files = readings.filter(({ kind }) => kind === 'text').map(({ sha256 }) => sha256)
  return JSON.stringify([figures, figuresFile, scheme, greenPower, coal, files.toSorted()])
}

/** Whether a path leads from the figures that a verdict judged. */
export const isPathOf = (path: Asked, verdict: Asked): boolean => askedAbout(path) === askedAbout(verdict)

/** The newest path from the figures of a verdict; `none` when those that are kept are of other figures. */
export function usePathOf(site: string, verdictRun: string) {
  const verdict = useEvidence(verdictRun)
  const runs = useRunsOf(site, pathEngine)
  const paths = useQueries({
    queries: (runs.data ?? []).slice(0, mostLookedAt).map(({ id }) => ({
      queryKey: ['evidence', id],
      queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
        ask<Evidence<ParkPath>>(`/api/v1/runs/${encodeURIComponent(id)}`, { signal }),
      staleTime: Number.POSITIVE_INFINITY,
      retry: false,
    })),
  })
  const judged = verdict.data
  const path = judged && paths.find(({ data }) => data && isPathOf(data, judged))?.data?.output
  const known = judged !== undefined && runs.data !== undefined && paths.every(({ isPending }) => !isPending)
  return { input: judged?.input, path, none: known && path === undefined }
}
