import type { Clock } from '../../kernel/index.ts'
import { hashSecret, newSecret } from './secrets.ts'

/** Keys that each open the door once, to whoever sits at this machine. */
export interface SignInLinks {
  /** A key for a user; kept as a hash, in memory only: it ends with the process. */
  make(user: string): string
  /** The user of a key that was not used and is not old; it is used now. */
  take(key: string): string | undefined
}

/** An hour: a server is started, and opened. */
const validMs = 3_600_000
const mostKept = 16

export function createSignInLinks(clock: Clock): SignInLinks {
  const links = new Map<string, { readonly user: string; readonly untilMs: number }>()
  return {
    make(user) {
      const key = newSecret()
      links.set(hashSecret(key), { user, untilMs: clock.now() + validMs })
      const [oldest] = links.keys()
      if (links.size > mostKept && oldest !== undefined) links.delete(oldest)
      return key
    },
    take(key) {
      const hash = hashSecret(key)
      const found = links.get(hash)
      links.delete(hash)
      return found && clock.now() < found.untilMs ? found.user : undefined
    },
  }
}
