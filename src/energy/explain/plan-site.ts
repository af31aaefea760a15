import type { EngineContext, Site, TimeGrid } from '../../kernel/index.ts'
import { sameSteps, shiftStart } from '../../solve/index.ts'
import type { Outcome } from '../components/component.ts'
import { formulatePark, type ParkModel, prepareAssets, readOutcomes, readSurplus } from '../park-model.ts'
import { createFrame } from '../plan-frame.ts'
import type { PlanOutput, Relaxed } from '../schema/index.ts'
import { type ParkSolution, solvePark } from '../solve-park.ts'
import { assertSound } from '../verify-plan.ts'
import { divePark } from './dive.ts'
import { barredColumns, type Situation } from './fixed-plan.ts'

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
}

/**
 * Plans a site as `energy.plan` does, without its baseline.
 *
 * @throws `energy.broken-certificate` for a plan that breaks a limit
 */
export async function planSite({ site, grid, context }: PlanSiteOptions): Promise<PlannedSite> {
  const { solver, signal } = context
  const situation = await situationOf({ site, grid, context })
  const park = formulatePark(situation.frame, situation.assets)
  const sessionKey = `plan:${site.id}`
  return read(situation, park, await solvePark(park, { solver, signal, relativeGap, timeLimitMs, sessionKey }))
}

/**
 * Plans a changed site from where the plan of the site as it is ended, fast: see {@link divePark}.
 *
 * @throws `energy.broken-certificate` for a plan that breaks a limit
 */
export async function planVariant(
  base: PlannedSite,
  { name, site, grid, context }: PlanSiteOptions & { readonly name: string },
): Promise<PlannedSite> {
  const { solver, signal } = context
  const situation = await situationOf({ site, grid, context })
  const park = formulatePark(situation.frame, situation.assets)
  const { layout } = park.builder.build()
  const [first] = base.solved.rounds
  const start =
    first?.ended && shiftStart(first.ended, { before: first.layout, after: layout, ...sameSteps(grid.count) })
  const { columnName } = base.park.builder.build()
  const barred = new Set([...barredColumns(base.solved, base.park)].map(columnName))
  const sessionKey = `what-if:${site.id}:${name}`
  const options = { solver, signal, relativeGap, timeLimitMs, sessionKey, barred, ...(start ? { start } : {}) }
  return read(situation, park, await divePark(park, options))
}

async function situationOf({ site, grid, context }: PlanSiteOptions): Promise<Situation> {
  const frame = await createFrame(site, grid, context.data)
  return { frame, assets: await prepareAssets(frame, context.data) }
}

function read({ frame, assets }: Situation, park: ParkModel, solved: ParkSolution): PlannedSite {
  const values = solved.solution.columnValues
  const outcomes = readOutcomes(park, values)
  const relaxed = [...readSurplus(park, frame, values), ...[...outcomes.values()].flatMap((outcome) => outcome.relaxed)]
  assertSound({ frame, assets, outcomes, relaxed })
  const proven = solved.solution.status === 'optimal' && solved.certificate.boundGap <= relativeGap * 1.01
  const status = relaxed.length > 0 ? 'relaxed' : proven ? 'optimal' : 'feasible'
  return { frame, assets, park, solved, outcomes, relaxed, status }
}
