import { hearClock } from './clock.ts'
import { isOnline, reached, unreached } from './connection.ts'
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

/** What the server said of a failure, or the failure itself. */
export const detailOf = (error: unknown): string => (error instanceof ApiError ? error.problem.detail : String(error))

const offline: Problem = { code: 'offline', status: 0, title: 'No connection', detail: 'The server cannot be reached' }
const slow: Problem = { code: 'slow', status: 0, title: 'No answer', detail: 'The server did not answer in time' }
/** Nothing waits to be sent later: what is asked of a machine counts when it is asked, or not at all. */
const refusedOffline: Problem = {
  code: 'refused-offline',
  status: 0,
  title: 'Not sent',
  detail: 'Not sent: there is no connection, and nothing is sent later by itself',
}

/** A question that is not answered within this time is given up. */
const patienceMs = 30_000

/** Whether a failure passes by itself: asking again is of use. */
export const isPassing = (error: unknown): boolean =>
  !(error instanceof ApiError) ||
  error.problem.status === 0 ||
  error.problem.status >= 500 ||
  error.problem.code === 'unreadable'

const signInPath = '/sign-in'
let leading = false

/** Leads to the page that mends it: nobody is signed in, or the password has to be changed first. */
function leadToSignIn({ status, code }: Problem): void {
  const change = code === 'accounts.password-change-needed'
  // A page asks several things at once; the first refusal leads, the others would stop it on the way.
  if (location.pathname === signInPath || leading || !(status === 401 || change)) return
  leading = true
  if (status === 401) for (const leave of leavers) leave()
  location.replace(change ? `${signInPath}#change` : signInPath)
}

/** Told before the page leaves because nobody is signed in any more. */
const leavers = new Set<() => void>()
export const onSignedOut = (leave: () => void): void => void leavers.add(leave)

/** Fetches, and hears on the way whether the server is there and how late it is. @throws ApiError where it cannot be reached */
async function reach(path: string, options: RequestInit): Promise<Response> {
  const reads = (options.method ?? 'GET') === 'GET'
  if (!reads && !isOnline()) throw new ApiError(refusedOffline)
  const sentMs = Date.now()
  try {
    const response = await fetch(path, reads ? { ...options, signal: patient(options.signal) } : options)
    reached()
    hearClock(response.headers, sentMs, Date.now())
    return response
  } catch (error) {
    throw failureOf(error)
  }
}

const patient = (signal: AbortSignal | null | undefined): AbortSignal =>
  AbortSignal.any([AbortSignal.timeout(patienceMs), ...(signal ? [signal] : [])])

function failureOf(error: unknown): unknown {
  if (error instanceof DOMException && error.name === 'AbortError') return error
  unreached()
  return new ApiError(error instanceof DOMException && error.name === 'TimeoutError' ? slow : offline)
}

/** Asks the API. @throws ApiError */
export async function ask<T>(path: string, options: RequestInit = {}): Promise<T> {
  const response = await reach(path, options)
  const { status, statusText } = response
  let body: unknown
  let readable = true
  try {
    const text = await response.text()
    body = text === '' ? undefined : JSON.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw failureOf(error)
    readable = false
  }
  if (response.ok && readable) return body as T
  // A failure that is told in another form is a failure all the same.
  const strange = response.ok && !readable
  const detail = strange ? `${status}: the answer is no JSON` : `${status} ${statusText}`.trim()
  const problem: Problem = {
    ...{ code: strange ? 'unreadable' : 'http', status, title: statusText, detail },
    ...(typeof body === 'object' ? (body as Partial<Problem> | undefined) : undefined),
  }
  leadToSignIn(problem)
  throw new ApiError(problem)
}

/** Asks for a text that is no JSON. @throws ApiError */
export async function askText(path: string, options: RequestInit = {}): Promise<string> {
  const response = await reach(path, options)
  const { ok, status, statusText } = response
  const text = await response.text().catch((error: unknown) => {
    throw failureOf(error)
  })
  if (ok) return text
  const problem = { code: 'http', status, title: statusText, detail: `${status} ${statusText}`.trim() }
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
