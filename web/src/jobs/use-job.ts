import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { Job } from './job.ts'
import { jobs, useJobs } from './jobs.ts'

export interface WatchedJob {
  readonly job: Job | undefined
  readonly error: Error | null
  /** False while the server cannot be asked; the page finds the job again by itself. */
  readonly connected: boolean
  retry(): void
  cancel(): void
}

/** A job as it goes on; it lives on the server, so a reload finds it again. The tray reads the same stream. */
export function useJob(id: string | undefined): WatchedJob {
  const { lost } = useJobs()
  const first = useQuery({
    queryKey: ['job', id],
    queryFn: () => jobs.read(id ?? ''),
    enabled: id !== undefined && jobs.known(id) === undefined,
    retry: false,
  })
  useEffect(() => (id === undefined ? undefined : jobs.watch(id)), [id])
  const cancel = useMutation({ mutationFn: () => jobs.cancel(id ?? '') })
  const job = id === undefined ? undefined : jobs.known(id)
  return {
    job,
    error: job ? cancel.error : first.error,
    connected: !lost,
    retry: () => void first.refetch(),
    cancel: () => cancel.mutate(),
  }
}
