import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import { tooMany } from './too-many.ts'

/** Cost of scrypt (RFC 7914): memory is 128·N·r bytes. */
export interface ScryptCost {
  /** N is 2 to this. */
  readonly logN: number
  readonly r: number
  readonly p: number
}

/** 128 MiB and a third of a second: the first choice of the OWASP Password Storage Cheat Sheet for scrypt. */
export const defaultCost: ScryptCost = { logN: 17, r: 8, p: 1 }

/** A password at rest; the cost stands beside it, so that it can rise later. */
export interface HashedPassword extends ScryptCost {
  readonly method: 'scrypt'
  /** base64 */
  readonly salt: string
  /** base64 */
  readonly key: string
}

/** Passwords that wait for those before them. */
export interface PasswordFigures {
  readonly waiting: number
  readonly maxWaiting: number
  /** Refused because too many wait. */
  readonly refused: number
}

export interface Passwords {
  hash(password: string): Promise<HashedPassword>
  /** Takes as long for a user that is not there, whose stored password is undefined. */
  matches(password: string, stored: HashedPassword | undefined): Promise<boolean>
  /** Whether a password was hashed at less cost than today's. */
  isWeak(stored: HashedPassword): boolean
  figures(): PasswordFigures
}

const keyBytes = 32
const atOnce = 2
const maxWaiting = 32

/**
 * Hashes and checks passwords by scrypt off the event loop, at most two at once: each takes 128 MiB.
 *
 * @throws `accounts.too-many` where more are waiting than will be served in time
 */
export function createPasswords(cost: ScryptCost = defaultCost): Passwords {
  const { inTurn, figures } = createTurns()
  // Nobody has this password: what is measured for unknown users is the same work.
  const nobody: HashedPassword = {
    method: 'scrypt',
    ...cost,
    salt: randomBytes(16).toString('base64'),
    key: randomBytes(keyBytes).toString('base64'),
  }
  return {
    figures,
    async hash(password) {
      const salt = randomBytes(16)
      const key = await inTurn(() => derive(password, salt, cost))
      return { method: 'scrypt', ...cost, salt: salt.toString('base64'), key: key.toString('base64') }
    },
    async matches(password, stored) {
      const wanted = stored ?? nobody
      const key = await inTurn(() => derive(password, Buffer.from(wanted.salt, 'base64'), wanted))
      const same = timingSafeEqual(key, Buffer.from(wanted.key, 'base64'))
      return same && stored !== undefined
    },
    isWeak: ({ logN, r, p }) => logN < cost.logN || r < cost.r || p < cost.p,
  }
}

function derive(password: string, salt: Buffer, { logN, r, p }: ScryptCost): Promise<Buffer> {
  const options: ScryptOptions = { N: 2 ** logN, r, p, maxmem: 160 * 2 ** logN * r }
  return new Promise((resolve, reject) => {
    scrypt(password, salt, keyBytes, options, (error, key) => (error ? reject(error) : resolve(key)))
  })
}

/** Runs work at most {@link atOnce} at a time, the rest in order of arrival. */
function createTurns(): {
  inTurn<T>(work: () => Promise<T>): Promise<T>
  figures(): PasswordFigures
} {
  let running = 0
  let refused = 0
  const waiting: (() => void)[] = []
  const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
    if (running >= atOnce) {
      if (waiting.length >= maxWaiting) {
        refused += 1
        throw tooMany('Too many sign-ins are waiting', 5000)
      }
      await new Promise<void>((resolve) => waiting.push(resolve))
    } else running += 1
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running -= 1
    }
  }
  return { inTurn, figures: () => ({ waiting: waiting.length, maxWaiting, refused }) }
}
