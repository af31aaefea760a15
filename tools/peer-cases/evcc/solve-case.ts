import type { SolverPort } from '../../../src/kernel/index.ts'
import { solveCertified } from '../solve-certified.ts'
import { tighten } from './cuts.ts'
import { formulateEvcc } from './model.ts'
import type { EvccCase } from './request.ts'
import { type EvccSchedule, peerObjective, readSchedule } from './schedule.ts'

export interface EvccAnswer {
  /** In the peer's sense, see {@link peerObjective}. */
  readonly objective: number
  readonly schedule: EvccSchedule
  /** Formulation, solve, certificate and read-back. */
  readonly ms: number
}

const timeLimitMs = 60_000

/** The largest gap that may be left, currency; a hundredth of what cases are compared with. */
const gapCurrency = 1e-6

/** Solves a case of the evcc optimizer. @throws {MangroveError} what {@link solveCertified} throws */
export async function solveEvccCase(solver: SolverPort, { request, expected }: EvccCase): Promise<EvccAnswer> {
  const startedMs = performance.now()
  const formulated = formulateEvcc(request)
  const { model, relaxedObjective } = await tighten(solver, formulated.model, formulated.cuts)
  // Penalties that cannot be avoided make the objective thousands of times the money in it.
  const relativeGap = Math.min(1e-8, Math.max(1e-12, (gapCurrency * formulated.costScale) / Math.abs(relaxedObjective)))
  const limits = { relativeGap: Number.isNaN(relativeGap) ? 1e-9 : relativeGap, timeLimitMs }
  const { solution } = await solveCertified(solver, model, limits)
  const schedule = readSchedule(formulated, solution.columnValues, request.stepS.length)
  return {
    objective: peerObjective(request, schedule, expected),
    schedule,
    ms: performance.now() - startedMs,
  }
}
