import type { Accounts } from '../../accounts/accounts.ts'
import type { Route } from '../../route.ts'
import type { ServerParts } from '../../server-parts.ts'
import { auditRoutes } from './audit.ts'
import { deviceRoutes } from './devices.ts'
import { meRoutes } from './me.ts'
import { organisationRoutes } from './organisations.ts'
import { providerRoutes } from './provider.ts'
import { sessionRoutes } from './session.ts'
import { tokenRoutes } from './tokens.ts'
import { userRoutes } from './users.ts'

/** Everything of accounts. */
export const accountRoutes = (accounts: Accounts, parts: ServerParts): readonly Route[] => [
  ...sessionRoutes(accounts),
  ...providerRoutes(accounts),
  ...meRoutes(accounts),
  ...tokenRoutes(accounts),
  ...organisationRoutes(accounts),
  ...userRoutes(accounts),
  ...deviceRoutes(accounts, parts),
  ...auditRoutes(accounts),
]
