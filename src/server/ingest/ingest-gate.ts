import { serverErrors } from '../errors.ts'

/** Bytes of bodies that are being read, parsed or stored. */
export interface IngestGate {
  /**
   * Lets a body of so many bytes in, and returns the way out.
   *
   * @throws `server.overloaded` (429) when too much is inside: the sender keeps it and sends it again
   */
  enter(bytes: number): () => void
  figures(): { readonly bytes: number; readonly maxBytes: number; readonly refused: number }
}

/** Bounds the memory that bodies take, whoever sends them. */
export function createIngestGate(maxBytes = 128 * 1024 * 1024): IngestGate {
  let inside = 0
  let refused = 0
  return {
    enter(bytes) {
      // One body is always let in: nothing is too large by itself, that is what the limit of a body is for.
      if (inside > 0 && inside + bytes > maxBytes) {
        refused += 1
        throw serverErrors.overloaded({
          detail: 'Too many observations are on their way into the store; send them again later',
          found: inside,
          expected: `at most ${maxBytes} bytes at a time`,
        })
      }
      inside += bytes
      let left = false
      return () => {
        if (!left) inside -= bytes
        left = true
      }
    },
    figures: () => ({ bytes: inside, maxBytes, refused }),
  }
}
