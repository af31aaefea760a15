import type { TSchema } from 'typebox'
import { MangroveError } from '../errors.ts'
import { kernelErrors } from '../kernel-errors.ts'
import { canonicalJson, hashOf, sha256Hex } from '../lineage/index.ts'
import type { CheckpointStore } from '../ports/checkpoint.ts'
import { type Clock, fixedClock } from '../ports/clock.ts'
import type { DataPort } from '../ports/data.ts'
import { seededRandom } from '../ports/random.ts'
import type { SolverPort } from '../ports/solver.ts'
import { checkValue } from '../schema/index.ts'
import type { Engine } from './engine.ts'
import type { EvidenceRecord } from './evidence.ts'
import { createReadingLog } from './reading-log.ts'
import { recordData } from './recorded-data.ts'
import { recordSolver } from './recorded-solver.ts'
import { createRunCheckpoint } from './run-checkpoint.ts'

/** What a shell lends to one run. */
export interface RunPorts {
  readonly data: DataPort
  readonly solver: SolverPort
  readonly clock: Clock
  /** Default: one that never aborts. */
  readonly signal?: AbortSignal
  /** Seed of the run's randomness. Default 1. */
  readonly seed?: number
  progress?(fraction: number, message: string): void
  /** Where long runs keep what they have done. */
  readonly checkpoints?: CheckpointStore
}

export interface EngineRun<Output = unknown> {
  readonly output: Output
  readonly record: EvidenceRecord
  /** All that the record names, for {@link EvidenceStore.put}. */
  readonly blobs: ReadonlyMap<string, string>
}

/**
 * The input with defaults filled in.
 *
 * @throws `kernel.bad-input` with every problem found
 */
export function readInput(engine: Engine, input: unknown): unknown {
  const { value, problems } = checkValue(engine.input, input)
  if (problems.length > 0) throw new MangroveError(problems.map((problem) => kernelErrors.badInput.problem(problem)))
  return value
}

/**
 * Runs an engine as every shell runs it: input checked, time stopped, chance seeded, all that is read remembered,
 * output checked. The record and its blobs are the evidence; keeping them is the shell's part.
 *
 * @throws `kernel.bad-input`, `kernel.bad-output`, and what the engine throws
 */
export async function runEngine<Output = unknown>(
  engine: Engine,
  input: unknown,
  ports: RunPorts,
): Promise<EngineRun<Output>> {
  const value = readInput(engine, input)
  const clockMs = ports.clock.now()
  const seed = ports.seed ?? 1
  const log = createReadingLog()
  const checkpoint = ports.checkpoints && createRunCheckpoint(ports.checkpoints, log, { engine, input: value, seed })
  const output = await engine.run(value as never, {
    data: recordData(ports.data, log),
    solver: recordSolver(ports.solver, log),
    clock: fixedClock(clockMs),
    random: seededRandom(seed),
    signal: ports.signal ?? new AbortController().signal,
    progress: (fraction, message) => ports.progress?.(fraction, message),
    ...(checkpoint ? { checkpoint } : {}),
  })
  const outputText = canonicalOutput(engine, output)
  const inputText = canonicalJson(value)
  const blobs = new Map([...log.blobs, [sha256Hex(inputText), inputText], [sha256Hex(outputText), outputText]])
  const rest = {
    engine: engine.id,
    engineVersion: engine.version,
    clockMs,
    seed,
    inputSha256: sha256Hex(inputText),
    outputSha256: sha256Hex(outputText),
    readings: log.readings(),
  }
  await checkpoint?.done()
  return { output: output as Output, record: { id: hashOf(rest), ...rest }, blobs }
}

/** Holds an engine to its promise: finite numbers, and the shape it declared. */
function canonicalOutput(engine: Engine, output: unknown): string {
  const { problems } = checkValue(engine.output as TSchema, output)
  if (problems.length > 0) {
    throw new MangroveError(
      problems.map((problem) =>
        kernelErrors.badOutput.problem({ ...problem, detail: `${engine.id}: ${problem.detail}` }),
      ),
    )
  }
  try {
    return canonicalJson(output)
  } catch (cause) {
    throw kernelErrors.badOutput({ detail: `${engine.id} returned a number that is none` }, { cause })
  }
}
