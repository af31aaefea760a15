import type { EngineContext, Site, SolveStart, TimeGrid } from '../../kernel/index.ts'
import type { ModelLayout } from '../../solve/index.ts'
import type { Outcome } from '../components/component.ts'
import { formulatePark, type ParkModel, prepareAssets, readOutcomes, readSurplus } from '../park-model.ts'
import { createFrame } from '../plan-frame.ts'
import type { PlanOutput, Relaxed } from '../schema/index.ts'
import { type ParkSolution, solvePark } from '../solve-park.ts'
import { assertSound } from '../verify-plan.ts'
import type { Situation } from './fixed-plan.ts'

/** Relative gap at which a plan counts as optimal. */
const relativeGap = 1e-3
const timeLimitMs = 20_000

/** A plan of a site with all that is known behind it. */
export interface PlannedSite extends Situation {
  readonly park: ParkModel
  readonly solved: ParkSolution
  readonly outcomes: ReadonlyMap<string, Outcome>
  readonly relaxed: readonly Relaxed[]
  readonly status: PlanOutput['status']
}

export interface PlanSiteOptions {
  readonly site: Site
  readonly grid: TimeGrid
  readonly context: EngineContext
  readonly sessionKey: string
  /** Where each round begins; absent: where the last plan with the session key ended. */
  startOf?(round: number, layout: ModelLayout): SolveStart | undefined
}

/**
 * Plans a site as `energy.plan` does, without its baseline.
 *
 * @throws `energy.broken-certificate` for a plan that breaks a limit
 */
export async function planSite({ site, grid, context, sessionKey, startOf }: PlanSiteOptions): Promise<PlannedSite> {
  const frame = await createFrame(site, grid, context.data)
  const assets = await prepareAssets(frame, context.data)
  const park = formulatePark(frame, assets)
  const { solver, signal } = context
  const options = { solver, signal, relativeGap, timeLimitMs, sessionKey, ...(startOf ? { startOf } : {}) }
  const solved = await solvePark(park, options)
  const values = solved.solution.columnValues
  const outcomes = readOutcomes(park, values)
  const relaxed = [...readSurplus(park, frame, values), ...[...outcomes.values()].flatMap((outcome) => outcome.relaxed)]
  assertSound({ frame, assets, outcomes, relaxed })
  const proven = solved.solution.status === 'optimal' && solved.certificate.boundGap <= relativeGap * 1.01
  const status = relaxed.length > 0 ? 'relaxed' : proven ? 'optimal' : 'feasible'
  return { frame, assets, park, solved, outcomes, relaxed, status }
}
