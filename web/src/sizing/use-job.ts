import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { ask } from '../api/client.ts'
import { isOver, type Job } from '../jobs/job.ts'
import { jobs } from '../jobs/jobs.ts'

const addressOf = (id: string): string => `/api/v1/jobs/${encodeURIComponent(id)}`

/** Starts an engine as a job: the answer comes at once, the result later. */
export async function startJob(engine: string, input: unknown): Promise<Job> {
  const job = await ask<Job>(`/api/v1/engines/${encodeURIComponent(engine)}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', prefer: 'respond-async' },
    body: JSON.stringify(input),
  })
  jobs.started(job.id)
  return job
}

const cancelJob = (id: string): Promise<Job> => ask<Job>(addressOf(id), { method: 'DELETE' })

export interface WatchedJob {
  readonly job: Job | undefined
  readonly error: Error | null
  /** False while the stream is broken; the browser mends it by itself. */
  readonly connected: boolean
  retry(): void
  cancel(): void
}

/** A job as it goes on; it lives on the server, so a reload finds it again. */
export function useJob(id: string | undefined): WatchedJob {
  const client = useQueryClient()
  const [connected, setConnected] = useState(true)
  const { data, error, refetch } = useQuery({
    queryKey: ['job', id],
    queryFn: ({ signal }) => ask<Job>(addressOf(id ?? ''), { signal }),
    enabled: id !== undefined,
    // The stream tells; this is for a server that it breaks off from.
    refetchInterval: ({ state }) => (state.data && isOver(state.data) ? false : 10_000),
    retry: false,
  })
  const watching = data !== undefined && !isOver(data)
  useEffect(() => {
    if (id === undefined || !watching) return
    const source = new EventSource(`${addressOf(id)}/live`)
    source.addEventListener('job', (event) => {
      setConnected(true)
      client.setQueryData(['job', id], JSON.parse(event.data) as Job)
    })
    source.addEventListener('end', () => source.close())
    source.addEventListener('error', () => setConnected(source.readyState === EventSource.OPEN))
    return () => source.close()
  }, [client, id, watching])
  const cancel = useMutation({
    mutationFn: () => cancelJob(id ?? ''),
    onSuccess: (job) => client.setQueryData(['job', id], job),
  })
  return {
    job: data,
    error: data ? cancel.error : error,
    connected,
    retry: () => void refetch(),
    cancel: () => cancel.mutate(),
  }
}
