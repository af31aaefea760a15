import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { ask, send } from '../api/client.ts'
import type { Grant } from './grants.ts'

const root = '/api/v1'
const part = (text: string): string => encodeURIComponent(text)

export interface User {
  readonly name: string
  readonly grants: readonly Grant[]
  readonly disabled: boolean
  readonly createdMs: number
  readonly secondFactor: boolean
  /** The password is still the one that the server made. */
  readonly initialPassword: boolean
  readonly provider: boolean
}

export interface Organisation {
  readonly id: string
  readonly name: string
  readonly sites: readonly string[]
}

export interface Session {
  readonly id: string
  readonly by: string
  readonly from: string
  readonly createdMs: number
  readonly seenMs: number
  readonly current: boolean
}

export interface Token {
  readonly id: string
  readonly title: string
  readonly permissions: readonly string[]
  readonly organisation: string
  readonly sites: '*' | readonly string[]
  readonly createdMs: number
  readonly expiresMs: number
}

export interface Device {
  readonly id: string
  readonly title: string
  readonly points: readonly string[] | null
  readonly createdMs: number
}

export interface AuditLine {
  readonly number: number
  readonly timestampMs: number
  readonly who: { readonly kind: string; readonly id: string; readonly user?: string }
  readonly what: string
  readonly on?: string
  readonly site?: string
  readonly organisation?: string
  readonly from: string
  readonly outcome: 'done' | 'refused' | 'failed'
  readonly why?: string
}

/** A user with a password that is told once. */
export interface NewPassword {
  readonly user: User
  readonly password: string
}

export const useUsers = (enabled: boolean) =>
  useQuery({
    queryKey: ['access-users'],
    queryFn: ({ signal }) =>
      ask<{ readonly users: readonly User[] }>(`${root}/users`, { signal }).then(({ users }) => users),
    enabled,
  })

export const useOrganisations = () =>
  useQuery({
    queryKey: ['access-organisations'],
    queryFn: ({ signal }) =>
      ask<{ readonly organisations: readonly Organisation[] }>(`${root}/organisations`, { signal }).then(
        ({ organisations }) => organisations,
      ),
  })

export const useSessions = () =>
  useQuery({
    queryKey: ['access-sessions'],
    queryFn: ({ signal }) =>
      ask<{ readonly sessions: readonly Session[] }>(`${root}/me/sessions`, { signal }).then(
        ({ sessions }) => sessions,
      ),
  })

export const useTokens = () =>
  useQuery({
    queryKey: ['access-tokens'],
    queryFn: ({ signal }) =>
      ask<{ readonly tokens: readonly Token[] }>(`${root}/tokens`, { signal }).then(({ tokens }) => tokens),
  })

export const useDevices = (site: string, enabled: boolean) =>
  useQuery({
    queryKey: ['access-devices', site],
    queryFn: ({ signal }) =>
      ask<{ readonly devices: readonly Device[] }>(`${root}/sites/${part(site)}/devices`, { signal }).then(
        ({ devices }) => devices,
      ),
    enabled,
  })

export const useAudit = (enabled: boolean) =>
  useInfiniteQuery({
    queryKey: ['access-audit'],
    queryFn: ({ signal, pageParam }) => {
      const query = new URLSearchParams({ limit: '200', ...(pageParam === null ? {} : { before: String(pageParam) }) })
      return ask<{ readonly entries: readonly AuditLine[]; readonly nextBefore: number | null }>(
        `${root}/audit?${query}`,
        { signal },
      )
    },
    initialPageParam: null as number | null,
    getNextPageParam: ({ nextBefore }) => nextBefore,
    enabled,
  })

const userPath = (name: string, word: string): string => `${root}/users/${part(name)}/${word}`

export const createUser = (name: string, grants: readonly Grant[]): Promise<NewPassword> =>
  send(`${root}/users`, { name, grants })
export const setGrants = (name: string, grants: readonly Grant[]): Promise<User> =>
  send(userPath(name, 'grants'), { grants })
export const disableUser = (name: string): Promise<User> => send(userPath(name, 'disable'), undefined)
export const enableUser = (name: string): Promise<User> => send(userPath(name, 'enable'), undefined)
export const resetUser = (name: string, secondFactor: boolean): Promise<NewPassword> =>
  send(userPath(name, 'reset'), { secondFactor })
export const removeUser = (name: string): Promise<unknown> => send(`${root}/users/${part(name)}`, undefined, 'DELETE')

export const createOrganisation = (organisation: Organisation): Promise<Organisation> =>
  send(`${root}/organisations`, organisation)
export const changeOrganisation = (
  id: string,
  change: { readonly name: string; readonly sites?: readonly string[] },
): Promise<Organisation> => send(`${root}/organisations/${part(id)}`, change)

export const endSession = (id: string): Promise<unknown> => send(`${root}/me/sessions/${part(id)}`, undefined, 'DELETE')
export const endAllSessions = (): Promise<unknown> => send(`${root}/me/sessions`, undefined, 'DELETE')

export const createToken = (body: {
  readonly title: string
  readonly permissions: readonly string[]
  readonly sites?: readonly string[]
  readonly days: number
}): Promise<{ readonly text: string }> => send(`${root}/tokens`, body)
export const removeToken = (id: string): Promise<unknown> => send(`${root}/tokens/${part(id)}`, undefined, 'DELETE')

export const createDevice = (
  site: string,
  body: { readonly title: string; readonly points?: readonly string[] },
): Promise<{ readonly text: string }> => send(`${root}/sites/${part(site)}/devices`, body)
export const removeDevice = (site: string, id: string): Promise<unknown> =>
  send(`${root}/sites/${part(site)}/devices/${part(id)}`, undefined, 'DELETE')

export const enrolTotp = (password: string): Promise<{ readonly secret: string; readonly uri: string }> =>
  send(`${root}/me/totp`, { password })
export const confirmTotp = (code: string): Promise<{ readonly recoveryCodes: readonly string[] }> =>
  send(`${root}/me/totp/confirm`, { code })
export const removeTotp = (password: string): Promise<unknown> => send(`${root}/me/totp/remove`, { password })
