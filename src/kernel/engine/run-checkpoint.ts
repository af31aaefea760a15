import { hashOf } from '../lineage/index.ts'
import type { Checkpoint, CheckpointStore } from '../ports/checkpoint.ts'
import type { Engine } from './engine.ts'
import type { Reading } from './evidence.ts'
import type { ReadingLog } from './reading-log.ts'

interface KeptPart {
  /** Starts and stops of the solver until then: what the run read from its machine. */
  readonly readings: readonly { readonly kind: Reading['kind']; readonly request: unknown; readonly text: string }[]
  readonly part: unknown
}

const fromSolver = (kind: Reading['kind']): boolean => kind === 'start' || kind === 'stop'

/** The checkpoint of one run. Its key is the hash of engine, input, seed and all data that was read before it is asked for. */
export function createRunCheckpoint(
  store: CheckpointStore,
  log: ReadingLog,
  run: { readonly engine: Engine; readonly input: unknown; readonly seed: number },
): Checkpoint & { done(): Promise<void> } {
  let key: string | undefined
  const told = new Set<string>()
  return {
    async load() {
      const read = log.readings().filter(({ kind }) => !fromSolver(kind))
      key = hashOf({ engine: run.engine.id, version: run.engine.version, input: run.input, seed: run.seed, read })
      const parts: unknown[] = []
      for (const text of await store.read(key)) {
        const kept = JSON.parse(text) as KeptPart
        for (const { kind, request, text: answer } of kept.readings) {
          log.keep([kind, request], JSON.parse(answer))
          told.add(JSON.stringify([kind, request]))
        }
        parts.push(kept.part)
      }
      return parts
    },
    async append(part) {
      if (key === undefined) throw new Error('A checkpoint is loaded before it is added to')
      const readings = log.readings().filter(({ kind, request }) => {
        return fromSolver(kind) && !told.has(JSON.stringify([kind, request]))
      })
      for (const { kind, request } of readings) told.add(JSON.stringify([kind, request]))
      const kept: KeptPart = {
        readings: readings.map(({ kind, request, sha256 }) => ({ kind, request, text: log.blobs.get(sha256)! })),
        part,
      }
      await store.append(key, JSON.stringify(kept))
    },
    async done() {
      if (key !== undefined) await store.drop(key)
    },
  }
}
