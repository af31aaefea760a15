import {
  type Clock,
  type DataPort,
  type Engine,
  readInput,
  replayRun,
  runEngine,
  type SolverPort,
} from '../kernel/index.ts'
import type { Store } from '../store/index.ts'
import type { Executor } from './executor.ts'

export interface ExecutorParts {
  readonly engines: ReadonlyMap<string, Engine>
  readonly store: Store
  readonly solver: SolverPort
  readonly clock: Clock
  readonly data: DataPort
}

/** Lends this server's ports to engines, and keeps the evidence of every run before its result is told. */
export function createExecutor({ engines, store, solver, clock, data }: ExecutorParts): Executor {
  return {
    check(engine, input) {
      readInput(engine, input)
    },
    async run(engine, input, { signal, progress }) {
      const { output, record, blobs } = await runEngine<Record<string, unknown>>(engine, input, {
        data,
        solver,
        clock,
        signal,
        progress,
        checkpoints: store.checkpoints,
      })
      await store.evidence.put(record, blobs)
      return { ...output, evidence: record.id }
    },
    async replay(id, { signal, progress }) {
      const { output: _, ...replay } = await replayRun(id, {
        engines,
        evidence: store.evidence,
        solver,
        signal,
        progress,
      })
      return replay
    },
  }
}
