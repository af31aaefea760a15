import type { Me } from '../sign-in/session.ts'

export const roles = ['viewer', 'operator', 'planner', 'verifier', 'admin'] as const
export type Role = (typeof roles)[number]

/** What somebody may do, as tokens are narrowed to. */
export const permissions = [
  'read',
  'plan',
  'replay',
  'operate',
  'ingest',
  'configure',
  'verify',
  'administer',
  'monitor',
] as const
export type Permission = (typeof permissions)[number]

/** A role in an organisation (`*`: the platform), at all of its sites or at some. */
export interface Grant {
  readonly organisation: string
  readonly role: Role
  readonly sites: '*' | readonly string[]
}

type Access = Pick<Me, 'access'> | null | undefined

/** Whether who is signed in administers all of an organisation; `*`: the platform. The server has the last word. */
export const administers = (me: Access, organisation: string): boolean =>
  me?.access.some(
    (entry) =>
      (entry.organisation === '*' || entry.organisation === organisation) &&
      entry.sites === '*' &&
      entry.permissions.includes('administer'),
  ) ?? false

/** Whether there is anything that who is signed in administers. */
export const administersSomething = (me: Access): boolean =>
  me?.access.some(({ sites, permissions: own }) => sites === '*' && own.includes('administer')) ?? false

/** Whether devices of a site may be made. */
export const administersSite = (me: Access, site: string): boolean =>
  me?.access.some(
    ({ sites, permissions: own }) => own.includes('administer') && (sites === '*' || sites.includes(site)),
  ) ?? false

/** What a token of one's own may be given at most. */
export const ownPermissions = (me: Access): readonly Permission[] =>
  permissions.filter((permission) => me?.access.some(({ permissions: own }) => own.includes(permission)))

/** A grant that the server would take: the platform is granted whole, an organisation with at least one site. */
export const isWhole = ({ organisation, sites }: Grant): boolean =>
  organisation === '*' ? sites === '*' : organisation !== '' && (sites === '*' || sites.length > 0)
