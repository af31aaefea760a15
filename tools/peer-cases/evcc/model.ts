import type { LinearModel } from '../../../src/kernel/index.ts'
import { createModelBuilder } from '../../../src/solve/index.ts'
import { addBattery, type BatteryColumns } from './battery-part.ts'
import { type Cut, evccCuts } from './cuts.ts'
import { addGrid, type Formulation, flowCaps, type GridColumns } from './grid-part.ts'
import type { EvccRequest } from './request.ts'
import { evccWeights } from './weights.ts'

export interface EvccModel {
  readonly model: LinearModel
  readonly grid: GridColumns
  readonly batteries: readonly BatteryColumns[]
  /** Rows that may be added to tighten the relaxation. */
  readonly cuts: readonly Cut[]
  /** What a unit of currency costs in the model. */
  readonly costScale: number
}

/**
 * What the largest real price is scaled to. The smallest tie-break is 5e-6 of a price, the solver's tolerances are
 * 1e-7 of a cost and 1e-6 of an objective.
 */
const scaledPrice = 100

/**
 * The peer's mixed-integer model in kWh: a household with sun, load, a grid connection and batteries, minimising minus
 * its worth: money, plus the value of what is stored at the end, minus penalties, plus the strategies' tie-breaks.
 * The bounds that tie binaries to flows are those that follow from the step's balance, not the peer's, so that the
 * relaxation is tight; the set of schedules is the same.
 * Source: evcc-io/optimizer `src/optimizer/optimizer.py` (MIT), equations (1) to (7); written anew.
 */
export function formulateEvcc(request: EvccRequest): EvccModel {
  const weights = evccWeights(request)
  const formulation: Formulation = {
    builder: createModelBuilder(),
    request,
    weights,
    steps: request.stepS.length,
    stepH: request.stepS.map((seconds) => seconds / 3600),
    costScale: scaledPrice / weights.base,
    ...flowCaps(request),
  }
  const grid = addGrid(formulation)
  const batteries = request.batteries.map((battery) => addBattery(formulation, battery, grid))
  addBalance(formulation, grid, batteries)
  addCircuits(formulation, batteries)
  addTieBreaks(formulation, grid, batteries)
  addLevelling(formulation, grid, batteries)
  return {
    model: formulation.builder.build().model,
    grid,
    batteries,
    cuts: evccCuts(formulation, grid, batteries),
    costScale: formulation.costScale,
  }
}

/** import + Σ discharge + sun = export + Σ charge + load */
function addBalance(
  { builder, request, steps }: Formulation,
  grid: GridColumns,
  batteries: readonly BatteryColumns[],
): void {
  for (let t = 0; t < steps; t += 1) {
    const need = (request.loadWh[t]! - request.solarWh[t]!) / 1000
    builder.beginRow('balance', need, need)
    builder.term(grid.imported + t, 1)
    builder.term(grid.exported + t, -1)
    if (grid.importExcess >= 0) builder.term(grid.importExcess + t, 1)
    if (grid.exportExcess >= 0) builder.term(grid.exportExcess + t, -1)
    for (const { charge, discharge } of batteries) {
      builder.term(discharge + t, 1)
      builder.term(charge + t, -1)
    }
    builder.endRow()
  }
}

/** Charge powers behind one fuse; discharging does not count. */
function addCircuits({ builder, request, steps, stepH }: Formulation, batteries: readonly BatteryColumns[]): void {
  for (const { maxW, batteries: members } of request.circuits) {
    for (let t = 0; t < steps; t += 1) {
      builder.beginRow('circuit', Number.NEGATIVE_INFINITY, (maxW / 1000) * stepH[t]!)
      for (const member of members) builder.term(batteries[member]!.charge + t, 1)
      builder.endRow()
    }
  }
}

/** Preferences of the strategies, as shares of the lowest import price, fading over the horizon. */
function addTieBreaks(
  { builder, request, weights, steps, costScale }: Formulation,
  grid: GridColumns,
  batteries: readonly BatteryColumns[],
): void {
  const share = weights.lowestImportPrice * costScale
  // The peer adds the first two once for every battery.
  const count = batteries.length
  for (let t = 0; t < steps; t += 1) {
    const left = steps - t
    if (request.charging === 'charge_before_export') builder.addCost(grid.exported + t, share * 2e-5 * left * count)
    if (request.discharging === 'discharge_before_import')
      builder.addCost(grid.imported + t, share * 5e-6 * left * count)
    batteries.forEach(({ charge, discharge }, i) => {
      const { priority } = request.batteries[i]!
      if (priority === 0) return
      builder.addCost(charge + t, -share * 5e-5 * left * priority)
      builder.addCost(discharge + t, -share * 5e-5 * left * priority)
    })
  }
}

/** The sides of the grid that each levelling strategy flattens. */
const levelledSides = {
  none: [],
  charge_before_export: [],
  attenuate_demand_peaks: ['import'],
  attenuate_feedin_peaks: ['export'],
  attenuate_grid_peaks: ['import', 'export'],
} as const

/**
 * Share of the penalty base that a kWh charged one horizon later costs. Where a peak that nothing can lower is reached,
 * the steps below it are of equal worth; the peer's stored schedules charge early there, which is CBC's habit and no
 * term of its objective. Far below every term that it has.
 */
const earlyShare = 1e-7

/** A penalty on the horizon's highest power of each levelled side, excess included. */
function addLevelling(
  { builder, request, weights, steps, stepH, costScale }: Formulation,
  grid: GridColumns,
  batteries: readonly BatteryColumns[],
): void {
  const sides = levelledSides[request.charging]
  for (const side of sides) {
    const parts = side === 'import' ? [grid.imported, grid.importExcess] : [grid.exported, grid.exportExcess]
    const peak = builder.addColumns(`${side} peak`, 1, { cost: weights.peak * costScale })
    for (let t = 0; t < steps; t += 1) {
      if (stepH[t]! <= 0) continue
      builder.beginRow(`${side} peak`, Number.NEGATIVE_INFINITY, 0)
      for (const first of parts) if (first >= 0) builder.term(first + t, 1 / stepH[t]!)
      builder.term(peak, -1)
      builder.endRow()
    }
  }
  if (sides.length === 0) return
  for (const { charge } of batteries)
    for (let t = 0; t < steps; t += 1) builder.addCost(charge + t, (weights.base * costScale * earlyShare * t) / steps)
}
