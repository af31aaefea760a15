import type { AccountParts } from './account-parts.ts'
import { accountErrors } from './errors.ts'
import type { Session } from './sessions.ts'
import { tooMany } from './too-many.ts'
import { newRecoveryCodes, newTotp, takeCode, totpUri } from './totp.ts'
import type { User } from './users.ts'

/** Somebody who is in, with the secret of the cookie. */
export interface SignedIn {
  readonly user: User
  readonly secret: string
}

export interface SignIn {
  /**
   * By name, password and, where it is set up, a code of the second factor.
   *
   * @throws `accounts.sign-in-refused` whatever was wrong, `accounts.code-needed` after the right password, `accounts.too-many`
   */
  signIn(given: { name: string; password: string; code?: string | undefined }, from: string): Promise<SignedIn>
  /** By a link that the server printed. @throws `accounts.link-refused`, `accounts.too-many` */
  signInByLink(key: string, from: string): Promise<SignedIn>
  /** Begins a session of somebody whose identity was proven. */
  begin(user: User, by: Session['by'], from: string): Promise<SignedIn>
  /**
   * Makes sure that it is the user who asks for a change of how they sign in, however they came in.
   *
   * @throws `accounts.sign-in-refused`, `accounts.too-many`
   */
  confirm(user: string, password: string, from: string): Promise<User>
  /** A new password of one's own; every session ends and one begins. @throws `accounts.bad-password` */
  changePassword(user: User, password: string, from: string): Promise<SignedIn>
  /** Begins to set up a second factor. @returns what the authenticator has to know; shown once */
  enrolTotp(user: string): Promise<{ secret: string; uri: string }>
  /** The factor counts from now on. @returns recovery codes; shown once. @throws `accounts.bad-code` */
  confirmTotp(user: string, code: string): Promise<readonly string[]>
  removeTotp(user: string): Promise<void>
}

const refused = () =>
  accountErrors.signInRefused({ detail: 'Name, password or code is wrong, or the account is closed' })

export function createSignIn(parts: AccountParts): SignIn {
  const { users, sessions, passwords, limits, audit, clock, links } = parts
  const note = async (what: string, name: string, from: string, why?: string): Promise<void> => {
    const [first, ...more] = new Set((await users.find(name))?.grants.map(({ organisation }) => organisation))
    await audit.note({
      who: { kind: 'user', id: name.slice(0, 64) },
      // The log of the organisation tells of who belongs to it alone.
      ...(first === undefined || first === '*' || more.length > 0 ? {} : { organisation: first }),
      ...{ what, from, outcome: why === undefined ? 'done' : 'refused' },
      ...(why === undefined ? {} : { why }),
    })
  }
  const slowAddress = (from: string): void => {
    const waitMs = limits.signIns.take(from)
    if (waitMs > 0) throw tooMany('Too many sign-ins from this address', waitMs)
  }
  /** The user whose password it is. The try counts as a failure before it is checked, so that many at once all count. */
  const prove = async (name: string, password: string, from: string): Promise<User> => {
    slowAddress(from)
    const waitMs = limits.failures.waitMs(name)
    if (waitMs > 0) throw tooMany('Too many wrong passwords for this name', waitMs)
    limits.failures.failed(name)
    const user = await users.find(name)
    const right = await passwords.matches(password, user?.password)
    const expired = user?.initialUntilMs !== undefined && clock.now() >= user.initialUntilMs
    if (user && right && !expired && !user.disabled) return user
    await note('sign-in', name, from, 'accounts.sign-in-refused')
    throw refused()
  }
  const proveCode = async (name: string, code: string, from: string): Promise<void> => {
    let taken = false
    await users.change(name, (user) => {
      const next = user.totp && takeCode(user.totp, code, clock.now())
      taken = next !== undefined
      return next && { ...user, totp: next }
    })
    if (taken) return
    await note('sign-in', name, from, 'accounts.bad-code')
    throw refused()
  }
  const begin = async (user: User, by: Session['by'], from: string): Promise<SignedIn> => {
    const secret = await sessions.begin(user, by, from)
    await note(`sign-in by ${by}`, user.name, from)
    return { user, secret }
  }

  return {
    begin,
    async signIn({ name, password, code }, from) {
      const user = await prove(name, password, from)
      const second = user.totp?.confirmed === true
      if (second && code === undefined) {
        // The password was right: what is missing is no wrong try.
        limits.failures.succeeded(name)
        await note('sign-in', name, from, 'accounts.code-needed')
        throw accountErrors.codeNeeded({ detail: 'A code of the authenticator, or a recovery code, is needed too' })
      }
      if (second) await proveCode(name, code ?? '', from)
      limits.failures.succeeded(name)
      if (user.password && passwords.isWeak(user.password)) {
        const stronger = await passwords.hash(password)
        await users.change(name, (now) => (now.password === user.password ? { ...now, password: stronger } : undefined))
      }
      return begin(user, second ? 'password and code' : 'password', from)
    },
    async signInByLink(key, from) {
      slowAddress(from)
      const name = links.take(key)
      const user = name === undefined ? undefined : await users.find(name)
      if (user && !user.disabled) return begin(user, 'link', from)
      await note('sign-in by link', '', from, 'accounts.link-refused')
      throw accountErrors.linkRefused({
        detail: 'The link was used, is older than an hour, or is of another start of the server',
        expected: 'the link that `mangrove start` printed last',
      })
    },
    async confirm(name, password, from) {
      const user = await prove(name, password, from)
      limits.failures.succeeded(name)
      return user
    },
    async changePassword({ name }, password, from) {
      const user = await users.setPassword(name, password)
      await sessions.endAll(name)
      return begin(user, user.totp?.confirmed ? 'password and code' : 'password', from)
    },
    async enrolTotp(name) {
      const totp = newTotp()
      const user = await users.change(name, (now) => (now.totp?.confirmed ? undefined : { ...now, totp }))
      if (user.totp?.secret !== totp.secret) {
        throw accountErrors.badCode({ detail: 'A second factor is set up already; remove it first' })
      }
      return { secret: totp.secret, uri: totpUri(totp.secret, name, 'Mangrove') }
    },
    async confirmTotp(name, code) {
      const { codes, hashes } = newRecoveryCodes()
      let taken = false
      await users.change(name, (user) => {
        const next = user.totp && !user.totp.confirmed ? takeCode(user.totp, code, clock.now()) : undefined
        taken = next !== undefined
        return next && { ...user, totp: { ...next, confirmed: true, recovery: hashes } }
      })
      if (taken) return codes
      throw accountErrors.badCode({ detail: 'The code is not the one that the authenticator shows now' })
    },
    async removeTotp(name) {
      await users.change(name, ({ totp: _, ...user }) => user)
    },
  }
}
