import { useQuery } from '@tanstack/react-query'
import { ApiError, ask } from '../api/client.ts'
import { forgetValues } from '../offline/keep-values.ts'

export interface SignedIn {
  readonly user: string
  readonly mustChangePassword: boolean
}

export interface SignInWays {
  readonly password: boolean
  readonly provider: string | null
}

export interface Me {
  readonly kind: 'local' | 'user' | 'token' | 'device'
  readonly user: string | null
  /** Codes of an authenticator are asked for. */
  readonly secondFactor: boolean
  readonly access: readonly {
    /** `*` = every organisation. */
    readonly organisation: string
    readonly sites: '*' | readonly string[]
    readonly permissions: readonly string[]
  }[]
}

const send = <T>(path: string, body: unknown): Promise<T> =>
  ask<T>(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })

export const signIn = (name: string, password: string, code: string): Promise<SignedIn> =>
  send('/api/v1/session', { name, password, ...(code === '' ? {} : { code }) })

export const signInByLink = (key: string): Promise<SignedIn> => send('/api/v1/session/link', { key })

export const changePassword = (current: string, next: string): Promise<unknown> =>
  send('/api/v1/me/password', { current, next })

/** Ends the session and leaves nothing of it on the page: whatever was read goes with the document. */
export async function signOut(): Promise<void> {
  await forgetValues()
  await ask('/api/v1/session', { method: 'DELETE' }).catch(() => undefined)
  location.replace('/sign-in')
}

/** Null where a server without accounts has no such address. */
const unlessAbsent = <T>(asked: Promise<T>): Promise<T | null> =>
  asked.catch((error: unknown) => {
    if (error instanceof ApiError && error.problem.status === 404) return null
    throw error
  })

/** Who is signed in; null on a server without accounts. */
export const useMe = () =>
  useQuery({
    queryKey: ['me'],
    queryFn: ({ signal }) => unlessAbsent(ask<Me>('/api/v1/me', { signal })),
    staleTime: 300_000,
  })

/**
 * Whether who is signed in has a permission at a site, as far as their grants tell; the server has the last word. True until it is
 * known, and on a server without accounts.
 */
export function useMay(permission: 'operate' | 'plan' | 'configure' | 'replay', site: string): boolean {
  const { data: me } = useMe()
  if (!me) return true
  return me.access.some(
    ({ sites, permissions }) => permissions.includes(permission) && (sites === '*' || sites.includes(site)),
  )
}

/** How one may sign in; null on a server without accounts. */
export const useSignInWays = () =>
  useQuery({
    queryKey: ['sign-in-ways'],
    queryFn: ({ signal }) => unlessAbsent(ask<SignInWays>('/api/v1/session/ways', { signal })),
  })

export type SignInProblem = 'refused' | 'code' | 'link' | 'provider' | 'wait' | 'password' | 'offline' | 'other'

const problems: Readonly<Record<string, SignInProblem>> = {
  'accounts.sign-in-refused': 'refused',
  'accounts.code-needed': 'code',
  'accounts.link-refused': 'link',
  'accounts.provider-refused': 'provider',
  'accounts.provider-down': 'provider',
  'accounts.too-many': 'wait',
  'accounts.bad-password': 'password',
  offline: 'offline',
}

/** What to say of a code of the server. */
export const problemOf = (code: string): SignInProblem => problems[code] ?? 'other'

export const problemOfError = (error: unknown): SignInProblem =>
  error instanceof ApiError ? problemOf(error.problem.code) : 'other'
