import { createHash } from 'node:crypto'
import type { ForwardSettings } from '../../gateway/index.ts'
import type { Records } from '../../store/index.ts'

/** Up to where the centre has everything: kept in the records of the store, so that any node goes on from there. */
export interface ForwardPosition {
  /** Receive time, UTC ms; 0: nothing is there yet. */
  read(): Promise<number>
  /** @throws `store.conflict` where another node wrote it since */
  write(receivedMs: number): Promise<void>
}

const kind = 'forward'

interface Kept {
  readonly receivedMs: number
  /** To whom, and what: with another one, all of it begins anew. */
  readonly target: string
}

export function createForwardPosition(
  records: Records,
  site: string,
  { url, topic, site: there, points }: ForwardSettings,
): ForwardPosition {
  const target = createHash('sha256')
    .update(JSON.stringify([url, topic, there, points]))
    .digest('hex')
    .slice(0, 16)
  let version = 0
  return {
    async read() {
      const found = await records.get<Kept>(kind, site)
      version = found?.version ?? 0
      return found?.content.target === target ? found.content.receivedMs : 0
    },
    async write(receivedMs) {
      version = (await records.put<Kept>(kind, site, { receivedMs, target }, version)).version
    },
  }
}
