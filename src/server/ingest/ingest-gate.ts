import { serverErrors } from '../errors.ts'
import { createFairShare, type Holder } from '../fair-share.ts'

/** One body on its way into the store. */
export interface IngestEntry {
  /**
   * So many bytes of it have come.
   *
   * @throws `server.overloaded` (429) when the sender's share has no room for more
   */
  came(bytes: number): void
  /** All of it has come. */
  complete(bytes: number): void
  /** It is stored or refused, and its bytes are gone. */
  leave(): void
}

export interface IngestGateFigures {
  readonly bytes: number
  readonly maxBytes: number
  /** Senders with a body inside. */
  readonly holders: number
  /** Bodies refused: before they were read, and while they were. */
  readonly refused: number
}

/** Bytes of bodies that are being read, parsed or stored. */
export interface IngestGate {
  /**
   * Lets a body in whose sender has room for all of it.
   *
   * @param bytes its length, where that is told
   * @throws `server.overloaded` (429): the sender keeps it and sends it again
   */
  enter(holder: Holder, bytes: number | undefined): IngestEntry
  figures(): IngestGateFigures
}

/** What a body takes before it has come: a body of this size or less is never refused while it is read. */
const aheadBytes = 1024 * 1024

/**
 * Bounds the memory that bodies take, whoever sends them, and parts it fairly ({@link createFairShare}). A body takes what has come of it and
 * {@link aheadBytes} more, so that one that comes slowly takes little.
 */
export function createIngestGate(maxBytes = 128 * 1024 * 1024): IngestGate {
  const shares = createFairShare(maxBytes)
  let refused = 0
  const demand = (holder: Holder, bytes: number, taken: number): void => {
    if (shares.fits(holder, bytes, taken)) return
    refused += 1
    const { held } = shares.figures()
    throw serverErrors.overloaded({
      detail: 'Too many observations of this sender are on their way into the store; send them again later',
      found: shares.held(holder) - taken + bytes,
      expected: `at most ${shares.share(holder, taken)} bytes of this sender now, this body of ${bytes} among them; all hold ${held} of ${maxBytes}`,
    })
  }
  return {
    enter(holder, bytes) {
      const longest = bytes ?? Number.POSITIVE_INFINITY
      let taken = 0
      let left = false
      const hold = (now: number): void => {
        if (left) return
        shares.take(holder, now - taken)
        taken = now
      }
      demand(holder, bytes ?? aheadBytes, 0)
      hold(Math.min(longest, aheadBytes))
      return {
        came(have) {
          if (have <= taken || left) return
          const next = Math.min(longest, have + aheadBytes)
          demand(holder, next, taken)
          hold(next)
        },
        complete: hold,
        leave() {
          hold(0)
          left = true
        },
      }
    },
    figures() {
      const { held, holders } = shares.figures()
      return { bytes: held, maxBytes, holders, refused }
    },
  }
}
