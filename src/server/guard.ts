import type { FastifyRequest } from 'fastify'
import { MangroveError } from '../kernel/index.ts'
import type { Access } from './access.ts'
import type { Accounts } from './accounts/accounts.ts'
import { whoIs } from './accounts/audit.ts'
import { accountErrors } from './accounts/errors.ts'
import { localPrincipal, maySomewhere, type Principal } from './accounts/principal.ts'
import type { Permission } from './accounts/roles.ts'
import { tooMany } from './accounts/too-many.ts'
import { type Caller, createCaller, forbidden } from './caller.ts'
import { serverErrors } from './errors.ts'
import { checkRenamed } from './renamed-site.ts'
import { onlyReads } from './security.ts'
import type { SiteBook } from './site-book.ts'

/** What of a route the guard needs. */
export type GuardedRoute = Access & { readonly method: string; readonly operationId: string }

/** Stands before every route. */
export interface Guard {
  /** Before the body is read: who asks, and whether that can be allowed at all. @throws 401, 403, 404, 429 */
  admit(route: GuardedRoute, request: FastifyRequest): Promise<void>
  /** Before the body is checked: a site that stands in it. */
  admitBody(route: GuardedRoute, request: FastifyRequest): Promise<void>
  /** The caller of a request that was admitted. */
  callerOf(request: FastifyRequest): Caller
  /** Notes what a request changed, or tried to. */
  note(route: GuardedRoute, request: FastifyRequest, error?: unknown): Promise<void>
}

interface Admitted {
  readonly caller: Caller
  readonly principal: Principal | undefined
  on?: string
  organisation?: string
}

const nobody: Principal = { kind: 'local', id: '', access: [] }
/** What is done with these is noted when it is done: it changes what others rely on. */
const noted: ReadonlySet<string> = new Set<Permission>(['operate', 'configure', 'verify', 'administer'])

/** @param accounts absent: who asks is who runs the server, and may do everything */
export function createGuard(sites: SiteBook, accounts: Accounts | undefined): Guard {
  const admitted = new WeakMap<FastifyRequest, Admitted>()
  const served = (): readonly string[] => sites.all().map(({ site }) => site.id)

  const identify = async (request: FastifyRequest): Promise<Principal | undefined> => {
    if (!accounts) return localPrincipal
    const { authorization, cookie } = request.headers
    const principal = await accounts.identify({ authorization, cookie })
    if (principal?.kind === 'user') refuseForeignOrigin(request, accounts.publicUrl)
    return principal
  }
  const known = async (route: GuardedRoute, request: FastifyRequest): Promise<Principal | undefined> => {
    if (route.access === 'public') return undefined
    const principal = await identify(request)
    if (!principal) {
      throw accountErrors.signInNeeded({
        detail: 'This needs a session, a token or the credential of a device',
        expected: 'a cookie of POST /api/v1/session, or Authorization: Bearer mgv_…',
      })
    }
    const waitMs = accounts?.limits.requests.take(`${principal.kind} ${principal.id}`) ?? 0
    if (waitMs > 0) throw tooMany('Too many requests with this credential', waitMs)
    return principal
  }
  const admit = async (route: GuardedRoute, request: FastifyRequest): Promise<void> => {
    const principal = await known(route, request)
    const owners = principal && (await accounts?.organisations.owners())
    const entry: Admitted = {
      principal,
      caller: createCaller({
        principal: principal ?? nobody,
        from: request.ip,
        served,
        ...(owners ? { owners } : {}),
        again: () => admit(route, request),
        about(on, organisation) {
          entry.on = on
          if (organisation !== undefined) entry.organisation = organisation
        },
      }),
    }
    admitted.set(request, entry)
    if (principal) check(route, principal, entry.caller, request)
  }
  const caller = (request: FastifyRequest): Admitted => {
    const found = admitted.get(request)
    if (!found) throw new Error('The guard has not seen this request')
    return found
  }
  const note: Guard['note'] = async (route, request, error) => {
    if (!accounts) return
    const { principal, caller: asker, on, organisation } = admitted.get(request) ?? {}
    const refused = error instanceof MangroveError && [401, 403, 404, 429].includes(error.status)
    // A stranger can ask a million times; the log keeps a few of an address.
    if (!principal && accounts.limits.noted.take(request.ip) > 0) return
    const site = siteOf(route, request)
    const owner = organisation ?? (site === undefined ? undefined : asker?.ownerOf(site))
    await accounts.audit.note({
      who: whoIs(principal),
      what: route.operationId,
      ...(on === undefined ? {} : { on }),
      ...(site === undefined ? {} : { site: site.slice(0, 200) }),
      ...(owner === undefined ? {} : { organisation: owner }),
      from: request.ip,
      outcome: error === undefined ? 'done' : refused ? 'refused' : 'failed',
      ...(error instanceof MangroveError
        ? { why: error.code }
        : error === undefined
          ? {}
          : { why: 'server.unexpected' }),
    })
  }
  /** A log that cannot be written, on a full disk, makes a refusal no worse. */
  const noteRefusal = (route: GuardedRoute, request: FastifyRequest, error: unknown): Promise<void> =>
    note(route, request, error).catch((cause: unknown) => request.log.error({ err: cause }, 'the audit log failed'))

  /** Who was stopped is noted: what was not there for them only where they have a name. */
  const stopped = async (route: GuardedRoute, request: FastifyRequest, work: () => Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      const code = error instanceof MangroveError ? error.code : ''
      if (code.startsWith('accounts.') || code === 'server.unknown-site') await noteRefusal(route, request, error)
      throw error
    }
  }

  return {
    callerOf: (request) => caller(request).caller,
    admit: (route, request) => stopped(route, request, () => admit(route, request)),
    admitBody: (route, request) =>
      stopped(route, request, async () => {
        if (!route.site?.startsWith('body.')) return
        const site = siteOf(route, request)
        if (site === undefined) return
        // A server without accounts leaves it to whoever reads the body, who may read sites by their file.
        if (accounts) caller(request).caller.demand(route.access as Permission, site)
        checkRenamed(request.body, site)
      }),
    async note(route, request, error) {
      if (route.method === 'GET' || !(noted.has(route.access) || route.access === 'signed-in')) return
      await (error === undefined ? note(route, request) : noteRefusal(route, request, error))
    },
  }
}

/**
 * A cookie comes along by itself, so what it changes has to come from a page of this server. Browsers that send no Sec-Fetch-Site
 * (security.ts) send Origin; other programs send neither and ask for themselves.
 */
function refuseForeignOrigin(request: FastifyRequest, publicUrl: string | undefined): void {
  const { origin, host } = request.headers
  if (onlyReads(request) || origin === undefined) return
  const page = URL.canParse(origin) ? new URL(origin) : undefined
  const asked = `${page?.protocol}//${host}`
  const own = [URL.canParse(asked) ? new URL(asked).host : '', publicUrl && new URL(publicUrl).host]
  if (page && own.includes(page.host)) return
  throw serverErrors.originRefused({ detail: 'A page of another site may not change anything here', found: origin })
}

function check(route: GuardedRoute, principal: Principal, caller: Caller, request: FastifyRequest): void {
  const { access } = route
  if (access === 'public' || access === 'identified') return
  if (principal.mustChangePassword && !(access === 'signed-in' && route.initial)) {
    throw accountErrors.passwordChangeNeeded({
      detail: 'The password was made by the server; choose one of your own first',
      expected: 'POST /api/v1/me/password',
    })
  }
  if (access === 'signed-in') {
    if (principal.kind === 'user' || principal.kind === 'local') return
    throw accountErrors.forbidden({ detail: 'Only a person who is signed in may do this', found: principal.kind })
  }
  const site = route.site?.startsWith('body.') ? undefined : siteOf(route, request)
  if (site !== undefined) caller.demand(access, site)
  else if (!maySomewhere(principal, access)) throw forbidden(access)
}

/** The site that the request names, where its source says so. */
function siteOf({ site }: GuardedRoute, { params, query, body }: FastifyRequest): string | undefined {
  const [place, name] = (site ?? '').split('.', 2)
  const holder = { path: params, query, body }[place ?? '']
  if (name === undefined || typeof holder !== 'object' || holder === null) return undefined
  const value: unknown = Object.hasOwn(holder, name) ? (holder as Record<string, unknown>)[name] : undefined
  return typeof value === 'string' ? value : undefined
}
