import { setTimeout as sleep } from 'node:timers/promises'
import type { Lease } from '../nodes/lease.ts'

export interface HeldLinkParts {
  readonly lease: Lease
  /** Between two looks at the lease, ms. */
  readonly turnMs: number
  /** This node holds the lease from now on. */
  open(): void
  /** It has lost it, or stops. */
  close(): Promise<void>
  report(error: unknown): void
}

/** Opens a link while this node holds its lease: one node of several has its stations. @returns ends that */
export function holdLink({ lease, turnMs, open, close, report }: HeldLinkParts): () => Promise<void> {
  const stopping = new AbortController()
  let isOpen = false
  const turn = async (): Promise<void> => {
    await lease.turn().catch(report)
    // Without the database nobody knows who holds it: after a while this node has to think that another does.
    const isHeld = lease.isHeld() && !stopping.signal.aborted
    if (isHeld === isOpen) return
    isOpen = isHeld
    if (isHeld) open()
    else await close()
  }
  const live = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await turn().catch(report)
      await sleep(turnMs, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined)
    }
    if (isOpen) await close()
    await lease.release().catch(report)
  }
  const living = live()
  return async () => {
    stopping.abort()
    await living
  }
}
