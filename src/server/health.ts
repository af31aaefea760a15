import { MangroveError } from '../kernel/index.ts'
import type { DiskRoom } from './metrics/machine.ts'
import type { UpkeepLoopFigures } from './upkeep-loop.ts'

/** Why a server is degraded. */
export interface HealthReason {
  readonly code: 'disk-nearly-full' | 'store-failing' | 'upkeep-behind'
  readonly detail: string
}

export interface HealthSources {
  disk(): Promise<DiskRoom | undefined>
  upkeep(): UpkeepLoopFigures
  now(): number
}

export interface Health {
  /** Told of each error that an answer came from. */
  failed(error: unknown): void
  /** Empty: all is well. */
  reasons(): Promise<readonly HealthReason[]>
}

/** The disk is looked at this often, whoever asks. */
const lookMs = 5000
/** A store that failed is failing until nothing failed for so long. */
const failingMs = 60_000
/** Upkeep is behind when its last turn ended this long ago. */
const behindMs = 5 * 60_000
const mebibyte = 1024 ** 2

/** Nearly full: less than a twentieth is free, or less than 2 GiB where a twentieth is more; always below 256 MiB. */
export const isNearlyFull = ({ freeBytes, totalBytes }: DiskRoom): boolean =>
  freeBytes < Math.max(256 * mebibyte, Math.min(totalBytes / 20, 2048 * mebibyte))

export function createHealth({ disk, upkeep, now }: HealthSources): Health {
  let lastFailure: { readonly atMs: number; readonly code: string } | undefined
  let room: { readonly atMs: number; readonly found: Promise<DiskRoom | undefined> } | undefined
  const startedMs = now()

  const roomNow = (): Promise<DiskRoom | undefined> => {
    if (!room || Math.abs(now() - room.atMs) > lookMs) room = { atMs: now(), found: disk() }
    return room.found
  }
  return {
    failed(error) {
      if (!(error instanceof MangroveError) || error.status < 500 || error.code === 'store.busy') return
      if (error.code.startsWith('store.')) lastFailure = { atMs: now(), code: error.code }
    },
    async reasons() {
      const reasons: HealthReason[] = []
      const found = await roomNow()
      if (found && isNearlyFull(found)) {
        const detail = `${Math.round(found.freeBytes / mebibyte)} MiB are free where the data lies`
        reasons.push({ code: 'disk-nearly-full', detail })
      }
      if (lastFailure && Math.abs(now() - lastFailure.atMs) < failingMs) {
        reasons.push({ code: 'store-failing', detail: `The store failed within the last minute: ${lastFailure.code}` })
      }
      const { running, failuresInARow, lastTurnMs = startedMs } = upkeep()
      if (running && (failuresInARow >= 3 || now() - lastTurnMs > behindMs)) {
        const detail = `Upkeep failed ${failuresInARow} times in a row; its last turn ended ${Math.round((now() - lastTurnMs) / 1000)} s ago`
        reasons.push({ code: 'upkeep-behind', detail })
      }
      return reasons
    },
  }
}
