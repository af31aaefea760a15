import Type from 'typebox'
import { describe, expect, it } from 'vitest'
import { fixedClock } from '../ports/clock.ts'
import type { DataPort } from '../ports/data.ts'
import type { LinearModel, SolveOptions, SolverPort, SolveStart } from '../ports/solver.ts'
import { defineEngine } from './engine.ts'
import type { EvidenceRecord, EvidenceStore } from './evidence.ts'
import { replayRun } from './replay.ts'
import { runEngine } from './run-engine.ts'

const none = new Float64Array()
const model: LinearModel = {
  columnCount: 0,
  rowCount: 0,
  offset: 0,
  cost: none,
  columnLower: none,
  columnUpper: none,
  integrality: new Uint8Array(),
  rowLower: none,
  rowUpper: none,
  rowStart: new Int32Array(1),
  columnIndex: new Int32Array(),
  coefficient: none,
}

/** Two sessions at once, one of them twice, and a solve of no session: what came out, in order. */
const solvingEngine = defineEngine({
  id: 'test.solve',
  title: 'Solve',
  description: 'Solves four times',
  version: '1.0.0',
  input: Type.Object({}),
  output: Type.Array(Type.Number()),
  async run(_, { solver }) {
    const twice = async (): Promise<readonly number[]> => {
      const first = await solver.solve(model, { sessionKey: 'a' })
      const second = await solver.solve(model, { sessionKey: 'a' })
      return [first.objective, second.objective]
    }
    const [a, b, c] = await Promise.all([twice(), solver.solve(model, { sessionKey: 'b' }), solver.solve(model)])
    return [...a, b.objective, c.objective]
  },
})

interface FakeSolver extends SolverPort {
  readonly asked: SolveOptions[]
}

const startNamed = (name: number): SolveStart => ({ relaxation: { columns: String(name), rows: '' }, integers: [] })

/** A solver whose answer is the start it used and the place where its clock ended it, and nothing else. */
function fakeSolver({ stopAfter }: { readonly stopAfter?: number } = {}): FakeSolver {
  const starts = new Map<string, SolveStart>()
  const asked: SolveOptions[] = []
  let solves = 0
  return {
    asked,
    async solve(_, options = {}) {
      asked.push(options)
      solves += 1
      const { sessionKey, start = starts.get(sessionKey ?? ''), stopAt } = options
      if (sessionKey !== undefined) starts.set(sessionKey, startNamed(solves))
      const stoppedAt = stopAt ?? (stopAfter === undefined || sessionKey === undefined ? [] : [stopAfter + solves])
      return {
        status: stoppedAt.length > 0 ? 'feasible' : 'optimal',
        objective: Number(start?.relaxation.columns ?? 0) + 1000 * (stoppedAt[0] ?? 0),
        bound: 0,
        columnValues: none,
        rowDuals: none,
        columnDuals: none,
        ...(start ? { startedFrom: start } : {}),
        ...(stoppedAt.length > 0 ? { stoppedAt } : {}),
        solveMs: solves,
      }
    },
  }
}

const data = {} as DataPort
const engines = new Map([[solvingEngine.id, solvingEngine]])
const ports = (solver: SolverPort) => ({ data, solver, clock: fixedClock(0) })

function memory(): EvidenceStore & { readonly blobs: Map<string, string> } {
  const records = new Map<string, EvidenceRecord>()
  const blobs = new Map<string, string>()
  return {
    blobs,
    async put(record, more) {
      records.set(record.id, record)
      for (const [sha256, blob] of more) blobs.set(sha256, blob)
    },
    record: async (id) => records.get(id),
    blob: async (sha256) => blobs.get(sha256),
  }
}

/** A run on a solver that has seen this engine before, kept as evidence. */
async function warmRun(solver: SolverPort = fakeSolver()) {
  await runEngine(solvingEngine, {}, ports(solver))
  const run = await runEngine<readonly number[]>(solvingEngine, {}, ports(solver))
  const evidence = memory()
  await evidence.put(run.record, run.blobs)
  return { ...run, evidence }
}

describe('the solver port of a run', () => {
  it('notes where each solve of a session began, by its key and its turn', async () => {
    const { record, evidence } = await warmRun()
    expect(record.readings.map(({ kind, request }) => [kind, request])).toEqual([
      ['start', { ordinal: 0, session: 'a' }],
      ['start', { ordinal: 0, session: 'b' }],
      ['start', { ordinal: 1, session: 'a' }],
    ])
    for (const { sha256 } of record.readings) expect(evidence.blobs.get(sha256)).toMatch(/"columns":"\d"/)
  })

  it('notes no start of a solve that began cold', async () => {
    const { record } = await runEngine(solvingEngine, {}, ports(fakeSolver()))
    // Only the second solve with key `a` found one, left by the first.
    expect(record.readings.map(({ request }) => request)).toEqual([{ session: 'a', ordinal: 1 }])
  })

  it('notes where the clock ended a solve', async () => {
    const { record } = await warmRun(fakeSolver({ stopAfter: 10 }))
    expect(record.readings.filter(({ kind }) => kind === 'stop')).toHaveLength(3)
  })
})

describe('replay of a run that solved', () => {
  it.each([
    ['warm starts', fakeSolver()],
    ['the clock’s stops', fakeSolver({ stopAfter: 10 })],
  ])('gives the same bytes on a fresh solver and on one warmed otherwise: %s', async (_, solver) => {
    const { record, evidence, output } = await warmRun(solver)
    expect(output.slice(0, 3).every((value) => value > 0)).toBe(true)
    const warmed = fakeSolver()
    for (let k = 0; k < 5; k += 1) await warmed.solve(model, { sessionKey: 'a' })
    for (const other of [fakeSolver(), warmed, fakeSolver({ stopAfter: 70 })]) {
      expect(await replayRun(record.id, { engines, evidence, solver: other })).toMatchObject({ identical: true })
    }
  })

  it('passes on no session key, and stops nowhere by the clock', async () => {
    const { record, evidence } = await warmRun()
    const solver = fakeSolver()
    await replayRun(record.id, { engines, evidence, solver })
    expect(solver.asked).toHaveLength(4)
    expect(solver.asked.every((options) => !('sessionKey' in options))).toBe(true)
    expect(solver.asked.filter(({ stopAt }) => stopAt?.length === 0)).toHaveLength(3)
  })

  it.each(['start', 'stop'] as const)('refuses evidence whose %s is gone', async (kind) => {
    const { record, evidence } = await warmRun(fakeSolver({ stopAfter: 10 }))
    const gone = record.readings.find((reading) => reading.kind === kind)
    evidence.blobs.delete(gone?.sha256 ?? '')
    await expect(replayRun(record.id, { engines, evidence, solver: fakeSolver() })).rejects.toThrow(
      /kernel.evidence-incomplete/,
    )
  })
})
