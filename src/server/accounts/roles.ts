/** What somebody may do at a site or in an organisation. */
export const permissions = [
  /** See sites, values, plans, results. */
  'read',
  /** Run engines and cancel their jobs. */
  'plan',
  /** Run a kept run again. */
  'replay',
  /** Command machines and acknowledge alarms. */
  'operate',
  /** Write observations. */
  'ingest',
  /** Change sites, assets, points and documents. */
  'configure',
  /** Sign what was checked. */
  'verify',
  /** Users, grants, devices and the audit log of an organisation. */
  'administer',
  /** Read how the server itself fares: its metrics. Counts for the whole platform only. */
  'monitor',
] as const
export type Permission = (typeof permissions)[number]

export const roles = ['viewer', 'operator', 'planner', 'verifier', 'admin'] as const
export type Role = (typeof roles)[number]

/** Least privilege: what a role does not need is not in its line. Who plans does not sign, who signs changes nothing. */
const permissionsByRole: Readonly<Record<Role, readonly Permission[]>> = {
  viewer: ['read'],
  operator: ['read', 'plan', 'replay', 'operate', 'ingest'],
  planner: ['read', 'plan', 'replay', 'ingest', 'configure'],
  verifier: ['read', 'replay', 'verify'],
  admin: permissions,
}

export const permissionsOf = (role: Role): readonly Permission[] => permissionsByRole[role]

/** A role of a user in an organisation, at all of its sites or at some. */
export interface Grant {
  /** Id of the organisation; `*` = the whole platform. */
  readonly organisation: string
  readonly role: Role
  readonly sites: '*' | readonly string[]
}
