import { readFile } from 'node:fs/promises'
import { MangroveError, type SolverPort } from '../../../src/kernel/index.ts'
import type { Peer } from '../peer.ts'
import { readEvccCase } from './read-case.ts'
import { solveEvccCase } from './solve-case.ts'

/** Solvers that have solved a case: their WebAssembly is compiled, of which `ms` shall not tell. */
const warm = new WeakSet<SolverPort>()

/** Test cases of evcc-io/optimizer: JSON files with a request and the response that was stored for it. */
export const evcc: Peer = {
  name: 'evcc',
  takes: 'FILE',
  async run(path, solver) {
    const peerCase = readEvccCase(path, await readFile(path, 'utf8'))
    const expected = peerCase.expected?.objective ?? null
    if (!warm.has(solver)) {
      warm.add(solver)
      await solveEvccCase(solver, peerCase).catch(() => undefined)
    }
    const startedMs = performance.now()
    try {
      const { objective, ms } = await solveEvccCase(solver, peerCase)
      return { objective, expected, difference: expected === null ? null : objective - expected, ms: round(ms) }
    } catch (error) {
      // The peer says so too: agreement, and no number to compare.
      const agreed = peerCase.expected?.status === 'Infeasible'
      if (!agreed || !(error instanceof MangroveError) || error.code !== 'peer-case.infeasible') throw error
      return { objective: null, expected, difference: null, ms: round(performance.now() - startedMs) }
    }
  },
}

const round = (ms: number): number => Math.round(ms * 10) / 10
