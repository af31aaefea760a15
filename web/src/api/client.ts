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

const signInPath = '/sign-in'
let leading = false

/** Leads to the page that mends it: nobody is signed in, or the password has to be changed first. */
function leadToSignIn({ status, code }: Problem): void {
  const change = code === 'accounts.password-change-needed'
  // A page asks several things at once; the first refusal leads, the others would stop it on the way.
  if (location.pathname === signInPath || leading || !(status === 401 || change)) return
  leading = true
  location.replace(change ? `${signInPath}#change` : signInPath)
}

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
  const problem = { ...fallback, ...(body as Partial<Problem> | undefined) }
  leadToSignIn(problem)
  throw new ApiError(problem)
}

/** Sends a change. @throws ApiError */
export const send = <T>(path: string, body: unknown, method: 'POST' | 'PUT' | 'DELETE' = 'POST'): Promise<T> =>
  ask<T>(path, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  })

/** Runs an engine and waits for its result. */
export const runEngine = <T>(id: string, input: unknown, signal?: AbortSignal): Promise<T> =>
  ask<T>(`/api/v1/engines/${id}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', prefer: 'wait=60' },
    body: JSON.stringify(input),
    ...(signal ? { signal } : {}),
  })
