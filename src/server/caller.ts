import { accountErrors } from './accounts/errors.ts'
import { administers, may, type OwnedSite, type Principal, sees } from './accounts/principal.ts'
import type { Permission } from './accounts/roles.ts'
import { serverErrors } from './errors.ts'

/** Who asks, and what of this server they may know. */
export interface Caller {
  readonly principal: Principal
  /** Address of the client. */
  readonly from: string
  /** Whether the caller may know of the site. */
  sees(site: string): boolean
  may(permission: Permission, site: string): boolean
  /**
   * Stops a request that is not allowed.
   *
   * @throws `server.unknown-site` for a site that is not there and for one of others: the answers are the same;
   * `accounts.forbidden` for a site of the caller's without the permission
   */
  demand(permission: Permission, site: string): void
  /** Whether the caller administers all of an organisation; `*` = the platform. */
  administers(organisation: string): boolean
  /** Organisation that owns a site. */
  ownerOf(site: string): string | undefined
  /** Stops a stream whose caller may no longer read. @throws as at the beginning */
  again(): Promise<void>
  /** What the audit log says that the request was about: `user park.planner`. */
  about(on: string, organisation?: string): void
}

export interface CallerParts {
  readonly principal: Principal
  readonly from: string
  /** Owners by site; absent for a server without accounts. */
  readonly owners?: ReadonlyMap<string, string>
  /** Ids of the sites that are served. */
  served(): readonly string[]
  again(): Promise<void>
  about(on: string, organisation?: string): void
}

export function createCaller({ principal, from, owners, served, again, about }: CallerParts): Caller {
  const owned = (site: string): OwnedSite => ({ site, organisation: owners?.get(site) })
  const visible = (site: string): boolean => served().includes(site) && sees(principal, owned(site))
  return {
    principal,
    from,
    again,
    about,
    sees: visible,
    may: (permission, site) => visible(site) && may(principal, permission, owned(site)),
    administers: (organisation) => administers(principal, organisation),
    ownerOf: (site) => owners?.get(site),
    demand(permission, site) {
      if (!visible(site)) {
        throw serverErrors.unknownSite({
          detail: 'This server has no site of that id',
          found: site,
          expected: served().filter(visible).join(', ') || 'no site is served',
        })
      }
      if (may(principal, permission, owned(site))) return
      throw forbidden(permission, site)
    },
  }
}

export const forbidden = (permission: Permission, site?: string) =>
  accountErrors.forbidden({
    detail:
      site === undefined
        ? `The permission "${permission}" is needed`
        : `The permission "${permission}" is needed at the site ${site}`,
    expected: permission,
  })
