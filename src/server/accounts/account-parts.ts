import type { Clock } from '../../kernel/index.ts'
import type { Records } from '../../store/index.ts'
import type { Audit } from './audit.ts'
import type { Devices } from './devices.ts'
import type { Organisations } from './organisations.ts'
import type { Passwords } from './passwords.ts'
import type { FailureDelay, RateLimit } from './rate-limit.ts'
import type { SessionLimits, Sessions } from './sessions.ts'
import type { SignInLinks } from './sign-in-link.ts'
import type { Tokens } from './tokens.ts'
import type { Users } from './users.ts'

export interface Limits {
  readonly requests: RateLimit
  readonly signIns: RateLimit
  readonly failures: FailureDelay
  /** Refused credentials of an address that are noted; the rest would only fill the log. */
  readonly noted: RateLimit
}

/** Everything that several parts of accounts share. */
export interface AccountParts {
  readonly clock: Clock
  readonly records: Records
  readonly passwords: Passwords
  readonly organisations: Organisations
  readonly users: Users
  readonly sessions: Sessions
  readonly tokens: Tokens
  readonly devices: Devices
  readonly links: SignInLinks
  readonly audit: Audit
  readonly limits: Limits
  /** Address of this server as browsers know it; absent on loopback. */
  readonly publicUrl?: string
  /** Whether browsers come over TLS. */
  readonly secure: boolean
  readonly sessionLimits: SessionLimits
}
