import type { Clock } from '../../kernel/index.ts'
import type { LinkFigures, LinkState } from '../field-protocol.ts'

/** What a link tells of itself, as it goes. */
export interface LinkRecord {
  become(state: LinkState): void
  /** Something came from the device. */
  heard(): void
  /** @returns how many failures there were in a row */
  failed(error: unknown): number
  took(readings: number): void
  malformed(count: number): void
  figures(): LinkFigures
}

/** Keeps the figures of a link: becoming `connected` counts as a connection, and ends a row of failures. */
export function createLinkRecord(clock: Clock): LinkRecord {
  let state: LinkState = 'connecting'
  let sinceMs = clock.now()
  let lastHeardMs: number | undefined
  let lastProblem: string | undefined
  let inRow = 0
  const counted = { connects: 0, failures: 0, readings: 0, malformed: 0 }
  return {
    become(next) {
      if (next === state) return
      if (next === 'connected') {
        counted.connects += 1
        inRow = 0
      }
      state = next
      sinceMs = clock.now()
    },
    heard() {
      lastHeardMs = clock.now()
      inRow = 0
    },
    failed(error) {
      counted.failures += 1
      inRow += 1
      lastProblem = error instanceof Error ? error.message : String(error)
      return inRow
    },
    took(readings) {
      counted.readings += readings
    },
    malformed(count) {
      counted.malformed += count
    },
    figures: () => ({ state, sinceMs, lastHeardMs, lastProblem, ...counted }),
  }
}
