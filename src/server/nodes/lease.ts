import { MangroveError } from '../../kernel/index.ts'
import type { Records } from '../../store/index.ts'

/** Says which of several nodes does what only one shall do. */
export interface Lease {
  isHeld(): boolean
  /** One turn: takes it, keeps it or finds it lost. @returns whether it is held */
  turn(): Promise<boolean>
  /** Gives it back, so that the next need not wait. */
  release(): Promise<void>
}

export interface LeaseOptions {
  readonly records: Records
  readonly name: string
  readonly node: string
  monotonicMs(): number
  /** A lease that was not renewed for so long is free. Only the time that this node sees pass counts, no clock. */
  readonly lostAfterMs?: number
}

const kind = 'lease'

interface Held {
  readonly node: string
}

/**
 * A record that its holder writes again and again; another node takes it when its version stood still for long enough. A holder
 * that stood still itself finds another version at its next turn. Until then two may believe to hold it: what is done under it
 * has to bear that.
 */
export function createLease({ records, name, node, monotonicMs, lostAfterMs = 10_000 }: LeaseOptions): Lease {
  /** Version that this node wrote; 0: not held. */
  let own = 0
  let renewedMs = 0
  let seen: { readonly version: number; readonly sinceMs: number } | undefined
  const write = async (expected: number): Promise<boolean> => {
    try {
      own = (await records.put<Held>(kind, name, { node }, expected)).version
      renewedMs = monotonicMs()
      return true
    } catch (error) {
      if (!(error instanceof MangroveError) || error.code !== 'store.conflict') throw error
      own = 0
      seen = undefined
      return false
    }
  }
  return {
    // Who could not renew it for a while has to think that another has it.
    isHeld: () => own > 0 && monotonicMs() - renewedMs < lostAfterMs * 0.8,
    async turn() {
      if (own > 0) return write(own)
      const found = await records.get<Held>(kind, name)
      if (!found) return write(0)
      if (seen?.version !== found.version) seen = { version: found.version, sinceMs: monotonicMs() }
      // What this very node held before it was started again is its own.
      const isFree = found.content.node === node || monotonicMs() - seen.sinceMs >= lostAfterMs
      return isFree ? write(found.version) : false
    },
    async release() {
      if (own === 0) return
      const version = own
      own = 0
      await records.remove(kind, name, version).catch(() => undefined)
    },
  }
}
