import { kernelErrors } from '../kernel-errors.ts'
import { fixedClock } from '../ports/clock.ts'
import type { SolverPort } from '../ports/solver.ts'
import type { Engine } from './engine.ts'
import type { EvidenceRecord, EvidenceStore } from './evidence.ts'
import { createReadingRecall } from './reading-log.ts'
import { replayData } from './recorded-data.ts'
import { replaySolver } from './recorded-solver.ts'
import { runEngine } from './run-engine.ts'

/** One place where a replay differs from what was published. */
export interface ReplayDifference {
  readonly path: string
  readonly was: unknown
  readonly is: unknown
}

export interface Replay {
  readonly id: string
  readonly engine: string
  readonly engineVersion: string
  /** The run gave the same bytes. */
  readonly identical: boolean
  readonly outputSha256: string
  readonly replayedSha256: string
  /** The first differences, when there are any. */
  readonly differences: readonly ReplayDifference[]
  readonly output: unknown
}

export interface ReplayOptions {
  readonly engines: ReadonlyMap<string, Engine>
  readonly evidence: EvidenceStore
  readonly solver: SolverPort
  readonly signal?: AbortSignal
  progress?(fraction: number, message: string): void
}

/** The record of a run. @throws `kernel.unknown-run` */
export async function findRun(evidence: EvidenceStore, id: string): Promise<EvidenceRecord> {
  const record = await evidence.record(id)
  if (record) return record
  throw kernelErrors.unknownRun({ detail: 'No evidence is kept under this id', found: id, expected: 'the id of a run' })
}

/** What a kept run was given or gave. @throws `kernel.evidence-incomplete` */
export async function recall(evidence: EvidenceStore, sha256: string): Promise<unknown> {
  const text = await evidence.blob(sha256)
  if (text === undefined)
    throw kernelErrors.evidenceIncomplete({ detail: 'A part of the evidence is gone', found: sha256 })
  return JSON.parse(text)
}

/**
 * Runs a kept run again from its evidence alone, and compares byte for byte.
 *
 * @throws `kernel.unknown-run`, `kernel.evidence-incomplete`, `kernel.other-version`
 */
export async function replayRun(
  id: string,
  { engines, evidence, solver, signal, progress }: ReplayOptions,
): Promise<Replay> {
  const record = await findRun(evidence, id)
  const engine = engines.get(record.engine)
  if (engine?.version !== record.engineVersion) {
    throw kernelErrors.otherVersion({
      detail: `The run was made by ${record.engine} ${record.engineVersion}`,
      found: engine?.version ?? 'no such engine',
      expected: record.engineVersion,
    })
  }
  const [input, published] = await Promise.all([
    recall(evidence, record.inputSha256),
    recall(evidence, record.outputSha256),
  ])
  const readings = createReadingRecall(record.readings, evidence)
  const { output, record: again } = await runEngine(engine, input, {
    data: replayData(readings),
    solver: replaySolver(solver, readings),
    clock: fixedClock(record.clockMs),
    seed: record.seed,
    ...(signal ? { signal } : {}),
    ...(progress ? { progress } : {}),
  })
  const identical = again.outputSha256 === record.outputSha256
  return {
    id,
    engine: record.engine,
    engineVersion: record.engineVersion,
    identical,
    outputSha256: record.outputSha256,
    replayedSha256: again.outputSha256,
    differences: identical ? [] : differences(published, output).slice(0, 20),
    output,
  }
}

function differences(was: unknown, is: unknown, path = ''): readonly ReplayDifference[] {
  if (Object.is(was, is)) return []
  if (typeof was !== 'object' || typeof is !== 'object' || was === null || is === null) return [{ path, was, is }]
  const names = new Set([...Object.keys(was), ...Object.keys(is)])
  return [...names].flatMap((name) =>
    differences(
      (was as Record<string, unknown>)[name],
      (is as Record<string, unknown>)[name],
      path === '' ? name : `${path}.${name}`,
    ),
  )
}
