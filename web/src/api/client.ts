import type { Problem } from './types.ts'

/** A failure with the problem the server told, or `offline` when it could not be reached. */
export class ApiError extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.detail)
    this.name = 'ApiError'
    this.problem = problem
  }
}

const offline: Problem = { code: 'offline', status: 0, title: 'No connection', detail: 'The server cannot be reached' }

/** Asks the API. @throws ApiError */
export async function ask<T>(path: string, options: RequestInit = {}): Promise<T> {
  let response: Response
  try {
    response = await fetch(path, options)
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new ApiError(offline)
  }
  const body: unknown = await response.json().catch(() => undefined)
  if (response.ok) return body as T
  const fallback: Problem = {
    code: 'http',
    status: response.status,
    title: response.statusText,
    detail: response.statusText,
  }
  throw new ApiError({ ...fallback, ...(body as Partial<Problem> | undefined) })
}

/** Runs an engine and waits for its result. */
export const runEngine = <T>(id: string, input: unknown, signal?: AbortSignal): Promise<T> =>
  ask<T>(`/api/v1/engines/${id}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', prefer: 'wait=60' },
    body: JSON.stringify(input),
    ...(signal ? { signal } : {}),
  })
