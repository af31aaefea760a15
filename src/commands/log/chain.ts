import { hashOf } from '../../kernel/index.ts'
import type { LogBody, LogLine } from './log-line.ts'

/** Where a log ends: the next line goes on from here. */
export interface ChainHead {
  readonly sequence: number
  readonly sha256: string
}

export const chainStart: ChainHead = { sequence: 0, sha256: '0'.repeat(64) }

/** Chains a line to the head: SHA-256 over canonical JSON (RFC 8785) of the line with the hash of the one before. */
export function seal(head: ChainHead, body: LogBody): LogLine {
  const rest = { sequence: head.sequence + 1, before: head.sha256, body }
  return { ...rest, sha256: hashOf(rest) }
}

export interface ChainFault {
  readonly sequence: number
  /** `changed`: the line is not what was hashed. `unlinked`: the one before it is another, or gone. */
  readonly fault: 'changed' | 'unlinked'
}

export interface ChainCheck {
  readonly ok: boolean
  readonly lines: number
  readonly head: ChainHead
  /**
   * Lines of a node that wrote beside another, until both saw it: whole, chained to an earlier line than the last, and without
   * effect. No command of theirs left.
   */
  readonly raced: number
  /** The first of them, a hundred at most. */
  readonly faults: readonly ChainFault[]
}

/**
 * Checks lines one after the other: that none was changed, left out, put between or moved.
 *
 * @param head where the lines before them ended
 */
export function verifyChain(lines: Iterable<LogLine>, head: ChainHead = chainStart): ChainCheck {
  const faults: ChainFault[] = []
  let count = 0
  let raced = 0
  let last = head
  const seen = new Set([head.sha256])
  for (const { sequence, before, sha256, body } of lines) {
    count += 1
    let fault: ChainFault['fault'] | undefined
    if (hashOf({ sequence, before, body }) !== sha256) fault = 'changed'
    else if (before !== last.sha256 || sequence !== last.sequence + 1) {
      if (sequence <= last.sequence && seen.has(before) && !seen.has(sha256)) {
        raced += 1
        seen.add(sha256)
        last = { sequence: last.sequence + 1, sha256 }
        continue
      }
      fault = 'unlinked'
    }
    if (fault && faults.length < 100) faults.push({ sequence, fault })
    seen.add(sha256)
    last = { sequence, sha256 }
  }
  return { ok: faults.length === 0, lines: count, head: last, raced, faults }
}
