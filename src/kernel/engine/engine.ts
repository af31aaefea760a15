import type { Static, TSchema } from 'typebox'
import type { Checkpoint } from '../ports/checkpoint.ts'
import type { Clock } from '../ports/clock.ts'
import type { DataPort } from '../ports/data.ts'
import type { Random } from '../ports/random.ts'
import type { SolverPort } from '../ports/solver.ts'

/** Everything an engine may reach. Only ports: a run is a function of its input and of what these return. */
export interface EngineContext {
  /** Tells how far the run is, 0 to 1, in words for a person. */
  progress(fraction: number, message: string): void
  readonly signal: AbortSignal
  readonly solver: SolverPort
  readonly clock: Clock
  readonly random: Random
  readonly data: DataPort
  /** Where a long run keeps what it has done; absent where nothing is kept. */
  readonly checkpoint?: Checkpoint
}

/**
 * Declared once; typed function, HTTP endpoint with OpenAPI, CLI command, job and evidence record are derived.
 */
export interface Engine<Input extends TSchema = TSchema, Output extends TSchema = TSchema> {
  /** `<room>.<verb>`: `energy.plan`. */
  readonly id: string
  readonly title: string
  readonly description: string
  /** Semantic version of the method; part of the evidence. */
  readonly version: string
  readonly input: Input
  readonly output: Output
  /** Longer than about a second: HTTP answers 202 with a job unless asked to wait. */
  readonly long?: boolean
  /** It keeps checkpoints: a run that was interrupted goes on where it was, to the same result. */
  readonly resumable?: boolean
  /** Field of the input that the first positional argument of the CLI fills. */
  readonly positional?: string
  run(input: Static<Input>, context: EngineContext): Promise<Static<Output>>
}

/** Keeps the schema types while erasing them where engines are listed. */
export function defineEngine<Input extends TSchema, Output extends TSchema>(
  engine: Engine<Input, Output>,
): Engine<Input, Output> {
  return engine
}
