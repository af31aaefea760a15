import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { failureOf, jobOf } from './job.ts'
import { jobs, useJobs } from './jobs.ts'

export interface RunJob {
  /** @returns the id of the run; undefined where it failed or was cancelled */
  start(input: object): Promise<string | undefined>
  cancel(): void
  readonly pending: boolean
  /** 0 to 1 while it runs. */
  readonly share: number | undefined
  readonly error: Error | null
}

/**
 * Runs an engine for a site as a job of the server: it goes on when the page is left, is found again when one comes back,
 * wherever it was started, and can be cancelled.
 */
export function useRunJob(engine: string, site: string): RunJob {
  const client = useQueryClient()
  const { going, ended } = jobOf(useJobs(), engine, site)
  const begin = useMutation({
    mutationFn: async (input: object) => {
      const { id } = await jobs.start(engine, input)
      const { evidence } = await jobs.over(id)
      return evidence ?? undefined
    },
  })
  const endedId = ended?.id
  useEffect(() => {
    if (endedId !== undefined) void client.invalidateQueries({ queryKey: ['runs-of', site, engine] })
  }, [client, endedId, engine, site])
  const cancel = useMutation({ mutationFn: (id: string) => jobs.cancel(id) })
  const pending = begin.isPending || going !== undefined
  return {
    start: (input) => begin.mutateAsync(input).catch(() => undefined),
    cancel: () => going && cancel.mutate(going.id),
    pending,
    share: going?.progress.fraction,
    error: begin.error ?? cancel.error ?? (pending ? null : failureOf(ended)),
  }
}
