import { type Clock, MangroveError } from '../../kernel/index.ts'
import type { Journal, Records } from '../../store/index.ts'
import type { AccountParts } from './account-parts.ts'
import { createAudit } from './audit.ts'
import { cachedRecords } from './cached-records.ts'
import { createDevices } from './devices.ts'
import { createIdentification, type Identification } from './identify.ts'
import { createOrganisations } from './organisations.ts'
import { createPasswords, type ScryptCost } from './passwords.ts'
import { createProvider, type Provider } from './provider.ts'
import type { ProviderSettings } from './provider-settings.ts'
import { createFailureDelay, createRateLimit } from './rate-limit.ts'
import { createSessions, defaultSessionLimits, type SessionLimits } from './sessions.ts'
import { createSignIn, type SignIn } from './sign-in.ts'
import { createSignInLinks } from './sign-in-link.ts'
import { createTokens } from './tokens.ts'
import { createUsers, type NewPassword } from './users.ts'

export interface AccountsOptions {
  readonly records: Records
  readonly journal: Journal
  readonly clock: Clock
  /**
   * Address of this server as browsers know it, where that is not loopback: `https://park.example`. With https cookies are Secure
   * and answers carry Strict-Transport-Security.
   */
  readonly publicUrl?: string
  readonly sessionLimits?: SessionLimits
  readonly rates?: Partial<Rates>
  /** Cost of passwords; less in tests only. */
  readonly passwordCost?: ScryptCost
  /** An OpenID Connect provider that signs people in. */
  readonly provider?: ProviderSettings
}

/** How often whoever may ask. */
export interface Rates {
  /** Requests of one principal. */
  readonly requestsPerSecond: number
  readonly requestsAtOnce: number
  /** Sign-ins from one address. */
  readonly signInsPerMinute: number
  readonly signInsAtOnce: number
  /** Wrong passwords for one name before the next has to wait. */
  readonly freeFailures: number
  readonly longestDelayMs: number
}

export const defaultRates: Rates = {
  requestsPerSecond: 200,
  requestsAtOnce: 1000,
  signInsPerMinute: 20,
  signInsAtOnce: 20,
  freeFailures: 5,
  longestDelayMs: 60_000,
}

export interface Accounts extends AccountParts, Identification, SignIn {
  readonly provider: Provider | undefined
  /** Where nobody is there yet: an organisation and one user who administers everything, with a password that is told once. */
  firstStart(): Promise<NewPassword | undefined>
}

/** Name of the first organisation. */
export const firstOrganisation = 'main'
/** Name of the first user; no name that is tried first. */
export const firstUser = 'owner'

/** Who may do what: users, organisations, sessions, tokens, devices and the audit log, kept as records of the store. */
export function createAccounts(options: AccountsOptions): Accounts {
  const { clock, journal, publicUrl, sessionLimits = defaultSessionLimits } = options
  const rates = { ...defaultRates, ...options.rates }
  const records = cachedRecords(options.records, clock)
  const passwords = createPasswords(options.passwordCost)
  const parts: AccountParts = {
    clock,
    records,
    passwords,
    secure: publicUrl?.startsWith('https:') ?? false,
    ...(publicUrl === undefined ? {} : { publicUrl }),
    sessionLimits,
    organisations: createOrganisations(records),
    users: createUsers(records, passwords, clock),
    sessions: createSessions(records, clock, sessionLimits),
    tokens: createTokens(records, clock),
    devices: createDevices(records, clock),
    links: createSignInLinks(clock),
    audit: createAudit(journal),
    limits: {
      requests: createRateLimit({ capacity: rates.requestsAtOnce, perSecond: rates.requestsPerSecond }, clock),
      signIns: createRateLimit({ capacity: rates.signInsAtOnce, perSecond: rates.signInsPerMinute / 60 }, clock),
      failures: createFailureDelay({ free: rates.freeFailures, longestMs: rates.longestDelayMs }, clock),
      noted: createRateLimit({ capacity: 20, perSecond: 0.1 }, clock),
    },
  }
  return {
    ...parts,
    ...createIdentification(parts),
    ...createSignIn(parts),
    provider: options.provider && createProvider(options.provider, parts),
    async firstStart() {
      const { users, organisations, audit } = parts
      if ((await users.all()).length > 0) return undefined
      if (!(await organisations.all()).some(({ id }) => id === firstOrganisation)) {
        await unlessThere(organisations.create({ id: firstOrganisation, name: 'Main', sites: [] }))
      }
      const made = await unlessThere(users.create(firstUser, [{ organisation: '*', role: 'admin', sites: '*' }]))
      if (!made) return undefined
      await audit.note({
        ...{ who: { kind: 'local', id: 'start' }, what: 'first-start', on: `user ${firstUser}`, from: 'local' },
        outcome: 'done',
      })
      return made
    },
  }
}

/** Nodes may start at once on an empty database: the first of them makes what all need, and tells the password. */
async function unlessThere<T>(making: Promise<T>): Promise<T | undefined> {
  try {
    return await making
  } catch (error) {
    const taken = error instanceof MangroveError && ['store.conflict', 'accounts.name-taken'].includes(error.code)
    if (taken) return undefined
    throw error
  }
}
