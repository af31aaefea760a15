import { type Clock, checkValue, type Engine, type EvidenceStore, findRun, readInput } from '../kernel/index.ts'
import type { EngineThreads } from './engine-threads/engine-threads.ts'
import type { Executor } from './executor.ts'

export interface ExecutorParts {
  readonly engines: ReadonlyMap<string, Engine>
  readonly evidence: EvidenceStore
  readonly threads: EngineThreads
  readonly clock: Clock
}

/** Runs engines in threads, which keep the evidence of every run before its result is told. */
export function createExecutor({ engines, evidence, threads, clock }: ExecutorParts): Executor {
  // The first check by a schema takes ten milliseconds: now, when nobody waits.
  for (const { input } of engines.values()) checkValue(input, {})
  return {
    check(engine, input) {
      readInput(engine, input)
    },
    async run({ id, long = false }, input, tools, clockMs = clock.now()) {
      const task = { kind: 'run', engine: id, input, clockMs } as const
      return (await threads.run(task, long, tools)) as Awaited<ReturnType<Executor['run']>>
    },
    async replay(id, tools) {
      const { engine } = await findRun(evidence, id)
      return threads.run({ kind: 'replay', id }, engines.get(engine)?.long ?? false, tools)
    },
    async report(id, { format, language }, tools) {
      return (await threads.run({ kind: 'report', id, format, language }, false, tools)) as Uint8Array
    },
    close: () => threads.close(),
  }
}
