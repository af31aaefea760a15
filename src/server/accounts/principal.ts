import { type Grant, type Permission, permissions, permissionsOf } from './roles.ts'

/** Permissions at the sites of one organisation. */
export interface Access {
  /** `*` = every organisation, and sites of none. */
  readonly organisation: string
  readonly sites: '*' | readonly string[]
  readonly permissions: readonly Permission[]
  /** Points that may be written; absent: all. */
  readonly points?: readonly string[]
}

/** Who asks. */
export interface Principal {
  /** `local`: a server without accounts. */
  readonly kind: 'local' | 'user' | 'token' | 'device'
  /** Name of the user, id of the token or of the device. */
  readonly id: string
  /** The user behind a session or a token. */
  readonly user?: string
  /** Hash that names the session. */
  readonly session?: string
  /** True: nothing but a change of the password is allowed. */
  readonly mustChangePassword?: boolean
  readonly access: readonly Access[]
}

/** Everything is allowed: who runs the server is who asks. */
export const localPrincipal: Principal = {
  kind: 'local',
  id: 'local',
  access: [{ organisation: '*', sites: '*', permissions }],
}

export const accessOf = (grants: readonly Grant[]): readonly Access[] =>
  grants.map(({ organisation, role, sites }) => ({ organisation, sites, permissions: permissionsOf(role) }))

/** A site and the organisation that owns it; undefined where none does. */
export interface OwnedSite {
  readonly site: string
  readonly organisation: string | undefined
}

const covers = (access: Access, { site, organisation }: OwnedSite): boolean =>
  (access.organisation === '*' || access.organisation === organisation) &&
  (access.sites === '*' || access.sites.includes(site))

/** Whether the principal may know that the site is there. */
export const sees = ({ access }: Principal, owned: OwnedSite): boolean => access.some((entry) => covers(entry, owned))

export const may = ({ access }: Principal, permission: Permission, owned: OwnedSite): boolean =>
  access.some((entry) => covers(entry, owned) && entry.permissions.includes(permission))

/** Whether the principal has the permission anywhere. */
export const maySomewhere = ({ access }: Principal, permission: Permission): boolean =>
  access.some((entry) => entry.permissions.includes(permission))

/** Points of the site that may be written, as `<asset>.<point>`; `*` = all of them. */
export function writablePoints({ access }: Principal, owned: OwnedSite): '*' | ReadonlySet<string> {
  const entries = access.filter((entry) => covers(entry, owned) && entry.permissions.includes('ingest'))
  if (entries.some(({ points }) => points === undefined)) return '*'
  return new Set(entries.flatMap((entry) => entry.points ?? []))
}

/** Whether the principal administers the organisation as a whole; `*` = the platform. */
export const administers = ({ access }: Principal, organisation: string): boolean =>
  access.some(
    (entry) =>
      (entry.organisation === '*' || entry.organisation === organisation) &&
      entry.sites === '*' &&
      entry.permissions.includes('administer'),
  )

/** What is left of an access when a scope narrows it. */
export function narrow(
  access: readonly Access[],
  scope: { readonly permissions: readonly Permission[]; readonly organisation: string; readonly sites: Grant['sites'] },
): readonly Access[] {
  return access.flatMap((entry): readonly Access[] => {
    if (entry.organisation !== '*' && scope.organisation !== '*' && entry.organisation !== scope.organisation) return []
    const kept = entry.permissions.filter((permission) => scope.permissions.includes(permission))
    const both = intersect(entry.sites, scope.sites)
    if (kept.length === 0 || (both !== '*' && both.length === 0)) return []
    const organisation = entry.organisation === '*' ? scope.organisation : entry.organisation
    return [{ organisation, sites: both, permissions: kept }]
  })
}

const intersect = (one: Grant['sites'], other: Grant['sites']): Grant['sites'] =>
  one === '*' ? other : other === '*' ? one : one.filter((site) => other.includes(site))
