import { useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { ApiError, ask } from '../api/client.ts'
import type { Problem } from '../api/types.ts'

interface Job {
  readonly id: string
  readonly progress: { readonly fraction: number; readonly message: string }
  readonly finishedMs: number | null
  readonly state: string
  readonly evidence: string | null
  readonly problem: Problem | null
}

export interface RunJob {
  start(input: object): Promise<string | undefined>
  cancel(): void
  readonly pending: boolean
  /** 0 to 1 while it runs. */
  readonly share: number | undefined
  readonly error: unknown
}

const askedAgainMs = 500

/** Runs an engine as a job of the server: it goes on when the page is left, and can be cancelled. Answers with the id of the run. */
export function useRunJob(engine: string, site: string): RunJob {
  const client = useQueryClient()
  const [share, setShare] = useState<number>()
  const [pending, setPending] = useState(false)
  const [error, setError] = useState<unknown>()
  const running = useRef<string>(undefined)
  const start = async (input: object): Promise<string | undefined> => {
    setPending(true)
    setError(undefined)
    setShare(undefined)
    try {
      let job = await ask<Job>(`/api/v1/engines/${encodeURIComponent(engine)}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', prefer: 'respond-async' },
        body: JSON.stringify(input),
      })
      running.current = job.id
      while (job.finishedMs === null) {
        await new Promise((resolve) => setTimeout(resolve, askedAgainMs))
        job = await ask<Job>(`/api/v1/jobs/${encodeURIComponent(job.id)}`)
        setShare(job.progress.fraction)
      }
      if (job.problem) throw new ApiError(job.problem)
      await client.invalidateQueries({ queryKey: ['runs-of', site, engine] })
      return job.evidence ?? undefined
    } catch (failure) {
      setError(failure)
      return undefined
    } finally {
      running.current = undefined
      setPending(false)
    }
  }
  const cancel = (): void => {
    if (running.current !== undefined)
      void ask(`/api/v1/jobs/${encodeURIComponent(running.current)}`, { method: 'DELETE' }).catch(() => 0)
  }
  return { start, cancel, pending, share, error }
}
